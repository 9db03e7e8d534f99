// The packed library in Chromium, served under security policies: with WASM, without it, and cross-origin isolated. The
// scores must be those of Node, bit by bit. Where no Chromium is found, it says so and checks nothing.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const WASM = "script-src 'self' 'wasm-unsafe-eval'";
const ISOLATED = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
const PAGES = [
  { what: WASM, headers: { 'Content-Security-Policy': WASM }, wasm: true },
  { what: "script-src 'self'", headers: { 'Content-Security-Policy': "script-src 'self'" }, wasm: false },
  { what: `${WASM}, isolated`, headers: { 'Content-Security-Policy': WASM, ...ISOLATED }, wasm: true },
];
const LONGEST = 300_000;

/** Where Chromium is: `CHROMIUM`, or the first one on the PATH. */
function chromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file));
}

/** `folder` holds scores.mjs, beside node_modules with the library. Throws when a page scores otherwise than Node. */
export async function checkBrowser(folder) {
  const command = chromium();
  if (command === undefined) {
    console.log('--  Chromium is not on this machine (CHROMIUM can name it): not checked in a browser');
    return;
  }
  const expected = await (await import(pathToFileURL(join(folder, 'scores.mjs')).href)).scores();
  const site = join(folder, 'site');
  writeFileSync(
    join(folder, 'page.mjs'),
    `import { scores } from './scores.mjs';
    const told = await scores().catch((error) => ({ error: String(error?.stack ?? error) }));
    const answer = await fetch('/told', { method: 'POST', body: JSON.stringify(told) });
    const next = await answer.text();
    if (next) location.href = next;`,
  );
  await build({
    entryPoints: [join(folder, 'page.mjs')],
    outdir: site,
    bundle: true,
    splitting: true,
    format: 'esm',
    // As in a page: nothing is there of Node.
    platform: 'browser',
    logLevel: 'error',
  });
  copyFileSync(join(folder, 'node_modules/clientele/dist/scoring/thread-worker.js'), join(site, 'thread-worker.js'));

  const told = [];
  let done;
  const all = new Promise((resolve) => {
    done = resolve;
  });
  const server = createServer((request, response) => {
    const page = PAGES[told.length];
    if (request.method === 'POST') {
      let body = '';
      request.on('data', (bytes) => {
        body += bytes;
      });
      request.on('end', () => {
        told.push(JSON.parse(body));
        response.end(told.length < PAGES.length ? `/?${told.length}` : '');
        if (told.length === PAGES.length) done();
      });
      return;
    }
    const path = request.url.split('?')[0];
    const file = join(site, path);
    if (path === '/') {
      response.writeHead(200, { ...page.headers, 'Content-Type': 'text/html' });
      response.end('<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>');
    } else if (/^\/[\w.-]+\.js$/.test(path) && existsSync(file)) {
      response.writeHead(200, { ...page?.headers, 'Content-Type': 'text/javascript', 'Cache-Control': 'no-store' });
      response.end(readFileSync(file));
    } else {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const profile = mkdtempSync(join(tmpdir(), 'clientele-chromium-'));
  const flags =
    '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
  const browser = spawn(
    command,
    [...flags.split(' '), `--user-data-dir=${profile}`, `http://127.0.0.1:${server.address().port}/`],
    { stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => browser.on('exit', resolve).on('error', resolve));
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve('late'), LONGEST);
  });
  try {
    await Promise.race([all, ended, late]);
  } finally {
    clearTimeout(timer);
    browser.kill();
    await ended;
    server.close();
    server.closeAllConnections();
    // Its helpers may write for a while.
    for (let turn = 0; existsSync(profile) && turn < 50; turn++) {
      try {
        rmSync(profile, { recursive: true, force: true });
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }
  PAGES.forEach(({ what, wasm }, p) => {
    const { error, digest, noWasm, resident, threads } = told[p] ?? { error: 'the page gave no answer' };
    if (error) throw new Error(`Chromium, ${what}: ${error}`);
    if (digest !== expected.digest)
      throw new Error(`Chromium, ${what}: the digest is ${digest}, of Node ${expected.digest}`);
    if ((noWasm === null) !== wasm || resident !== wasm)
      throw new Error(`Chromium, ${what}: WASM ${wasm ? 'did not run' : 'ran'}: ${noWasm}`);
    if (threads !== 2) throw new Error(`Chromium, ${what}: ${threads} threads at work`);
    console.log(`ok  Chromium, ${what}: ${noWasm === null ? 'WASM' : 'no WASM'}, ${threads} threads, the bits of Node`);
  });
}

// `node scripts/check-browser.mjs FOLDER`
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await checkBrowser(process.argv[2]);
