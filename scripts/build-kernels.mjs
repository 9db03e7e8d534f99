// Builds src/kernels/wasm/*.as.ts into src/kernels/wasm/module.ts. With --check it only says whether that file is up to date.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import asc from 'assemblyscript/asc';

const root = resolve(import.meta.dirname, '..');
const target = join(root, 'src', 'kernels', 'wasm', 'module.ts');
const OPTIONS = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '--importMemory', '--noExportMemory'];

const { error, stderr, binary } = await build();
if (error) {
  console.error(stderr);
  throw error;
}
const text = `// Made of the *.as.ts files beside it by scripts/build-kernels.mjs. Not edited by hand.
// sha256 ${createHash('sha256').update(binary).digest('hex')}, ${binary.length} bytes
export const MODULE =
  '${Buffer.from(binary).toString('base64')}';
`;
const stale = readText(target) !== text;
if (process.argv.includes('--check')) {
  if (stale) throw new Error('src/kernels/wasm/module.ts is not what its sources make: npm run kernels');
} else if (stale) writeFileSync(target, text);

async function build() {
  const files = {};
  const result = await asc.main(
    ['src/kernels/wasm/index.as.ts', ...OPTIONS, '--initialMemory', '1', '-o', 'kernels.wasm'],
    {
      readFile: (name, base) => readText(resolve(root, base, name)),
      writeFile: (name, contents) => {
        files[name] = contents;
      },
      listFiles: () => [],
    },
  );
  return { error: result.error, stderr: result.stderr.toString(), binary: files['kernels.wasm'] };
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
