// Packs the library as npm would, checks the tarball, and uses it as a stranger would: in an empty folder, under Node,
// Deno, Bun and, where there is one, Chromium.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { checkBrowser } from './check-browser.mjs';

const root = resolve(import.meta.dirname, '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const folder = mkdtempSync(join(tmpdir(), 'clientele-package-'));

function run(what, command, args, options = {}) {
  try {
    const out = execFileSync(command, args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    });
    console.log(`ok  ${what}`);
    return out;
  } catch (error) {
    console.error(`failed: ${what}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
    process.exitCode = 1;
    throw error;
  }
}

/** Modules share files: of what a user does not name nothing may be left, even where `sideEffects` is not known. */
async function checkBareImports(dist) {
  const chunks = join(folder, 'chunks');
  cpSync(join(dist, 'chunks'), chunks, { recursive: true });
  for (const file of readdirSync(chunks).filter((name) => name.endsWith('.js'))) {
    const { outputFiles } = await build({
      stdin: { contents: `import './${file}';`, resolveDir: chunks },
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      packages: 'external',
      external: ['../scoring/thread-score.js'],
      write: false,
    });
    const left = outputFiles[0].text.replace(/^(\/\/.*|import [^;]*;)$/gm, '').trim();
    if (left) throw new Error(`chunks/${file} has side effects: ${left.slice(0, 500)}`);
  }
  console.log('ok  nothing is left of what is not used');
}

/** Its pages lead nowhere else than into the package, and the README's job runs on the data it brings. */
function checkPages(installed) {
  const text = (page) => readFileSync(join(installed, page), 'utf8');
  const pages = readdirSync(installed, { recursive: true }).filter((page) => page.endsWith('.md'));
  for (const page of pages)
    for (const [, link] of text(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g))
      if (!existsSync(resolve(installed, page, '..', link)))
        throw new Error(`${page} links to ${link}, which is not in the package`);
  console.log(`ok  links of ${pages.length} pages`);
  writeFileSync(join(folder, 'job.json'), text('README.md').match(/^```json job\.json\n([\s\S]*?)^```$/m)[1]);
  const main = join(installed, 'dist', 'cli', 'main.js');
  const data = join(installed, 'fixtures', 'telecom', 'customers.csv');
  run('the job of the README', process.execPath, [main, 'run', 'job.json', data, '--out', 'out']);
}

try {
  const packed = JSON.parse(
    run('npm pack', 'npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root }),
  );
  const { filename, size, files } = Array.isArray(packed) ? packed[0] : Object.values(packed)[0];
  const tarball = join(folder, filename);
  console.log(`    ${filename}: ${files.length} files, ${(size / 1024).toFixed(0)} KB`);
  run('publint --strict', bin('publint'), ['run', '--strict', tarball]);
  run('attw, esm-only', bin('attw'), [tarball, '--profile', 'esm-only', '--no-color', '--no-emoji']);

  const installed = join(folder, 'node_modules', 'clientele');
  mkdirSync(installed, { recursive: true });
  run('unpack', 'tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  await checkBareImports(join(installed, 'dist'));
  const { peerDependencies, peerDependenciesMeta, dependencies } = JSON.parse(
    readFileSync(join(installed, 'package.json'), 'utf8'),
  );
  // Its dependencies as npm would lay them out, with what those need in turn, from this checkout's lockfile.
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const layOut = (names) => {
    const wanted = [...names];
    for (let at = 0; at < wanted.length; at++) {
      const entry = lock[`node_modules/${wanted[at]}`];
      for (const name of Object.keys(entry?.dependencies ?? {})) if (!wanted.includes(name)) wanted.push(name);
    }
    for (const name of wanted) {
      const to = join(folder, 'node_modules', name);
      if (existsSync(to)) continue;
      mkdirSync(resolve(to, '..'), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), to);
    }
  };
  const optional = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional);
  const needed = Object.keys(peerDependencies).filter((name) => !optional.includes(name));
  layOut([...needed, ...Object.keys(dependencies)]);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  for (const script of ['smoke.mjs', 'smoke-ml.mjs', 'scores.mjs'])
    cpSync(join(root, 'scripts', script), join(folder, script));
  checkPages(installed);
  const version = (command, args) => execFileSync(command, args, { encoding: 'utf8' }).split('\n')[0];
  const printed = run(`smoke test under Node ${process.version}`, process.execPath, [
    '--disallow-code-generation-from-strings',
    'smoke.mjs',
  ]);
  // The other engines must compute the same bits.
  const digest = printed.trim().split(' ')[1];
  run(`smoke test under ${version(bin('deno'), ['--version'])}`, bin('deno'), [
    'run',
    '--allow-read',
    '--allow-env',
    'smoke.mjs',
    digest,
  ]);
  run(`smoke test under Bun ${version(bin('bun'), ['--version'])}`, bin('bun'), ['run', 'smoke.mjs', digest]);
  await checkBrowser(folder);
  layOut(optional);
  run(`clientele/ml with ${optional.join(', ')}`, process.execPath, ['smoke-ml.mjs']);
} catch (error) {
  if (process.exitCode !== 1) console.error(`failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
