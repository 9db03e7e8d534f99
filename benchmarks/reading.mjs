// The least that anyone can take who looks at columns: every cell summed.

/** Sums the cells of record batches, where they lie. */
export function reading(batches) {
  let sum = 0;
  for (const { data } of batches) {
    const floats = [];
    for (const { values } of data.children) {
      if (values instanceof Float64Array) floats.push(values);
      else sum += sumOf(values);
    }
    // Five columns at a time, so that memory is the limit and not the additions.
    let k = 0;
    for (; k + 5 <= floats.length; k += 5)
      sum += sumOfFive(floats[k], floats[k + 1], floats[k + 2], floats[k + 3], floats[k + 4]);
    for (; k < floats.length; k++) sum += sumOfFloats(floats[k]);
  }
  return sum;
}

/**
 * What AssemblyScript makes of this, 64 bytes at a time in SIMD; `n` is a multiple of 8, above 0:
 *
 *     export function sum(at: usize, n: i32): f64 {
 *       let a = f64x2.splat(0), b = a, c = a, d = a, i = 0;
 *       do {
 *         a = f64x2.add(a, v128.load(at)); b = f64x2.add(b, v128.load(at, 16));
 *         c = f64x2.add(c, v128.load(at, 32)); d = f64x2.add(d, v128.load(at, 48));
 *         at += 64; i += 8;
 *       } while (i < n);
 *       const s = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
 *       return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
 *     }
 */
const MODULE = [
  'AGFzbQEAAAABBwFgAn9/AXwCDwEDZW52Bm1lbW9yeQIAAQMCAQAHBwEDc3VtAAAKbgFsAgR7AX8DQCACIAD9AAQA/fABIQIgAyAA',
  '/QAEEP3wASEDIAQgAP0ABCD98AEhBCAFIAD9AAQw/fABIQUgAEFAayEAIAZBCGoiBiABSA0ACyACIAP98AEgBCAF/fAB/fABIgL9',
  'IQAgAv0hAaAL',
].join('');

/** Sums the float64 cells of record batches that lie in a WASM memory. */
export function residentReading(memory, batches) {
  const module = new WebAssembly.Module(Buffer.from(MODULE, 'base64'));
  const { sum } = new WebAssembly.Instance(module, { env: { memory } }).exports;
  return () => {
    let all = 0;
    for (const { data } of batches)
      for (const { values } of data.children) {
        const most = values.length & ~7;
        if (most > 0) all += sum(values.byteOffset, most);
        for (let i = most; i < values.length; i++) all += values[i];
      }
    return all;
  };
}

/** As a contestant. */
export const readingAlone = (batches, name = 'the reading alone', run = () => reading(batches)) => ({
  name,
  rows: batches.reduce((rows, batch) => rows + batch.numRows, 0),
  run,
  check: (sum) => {
    if (!Number.isFinite(sum)) throw new Error(`the cells sum up to ${sum}`);
  },
});

function sumOfFive(a, b, c, d, e) {
  const count = a.length;
  let sa = 0;
  let sb = 0;
  let sc = 0;
  let sd = 0;
  let se = 0;
  for (let i = 0; i < count; i++) {
    sa += a[i];
    sb += b[i];
    sc += c[i];
    sd += d[i];
    se += e[i];
  }
  return sa + sb + sc + sd + se;
}

function sumOfFloats(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

/** Integers and bytes of text; apart from floats, so that either loop knows its array. */
function sumOf(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}
