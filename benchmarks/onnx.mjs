// ONNX models of ours, for onnxruntime as a peer: a writer of the few protobuf messages they take (onnx.proto, IR 8).
import { found } from './peers.mjs';

const FLOAT = 1;
const ATTRIBUTE = { int: 2, string: 3, floats: 6, ints: 7, strings: 8 };

/** Says how to have it take part. */
export const ABSENT =
  'onnxruntime does not take part. Install onnxruntime-node (npm install --ignore-scripts) in any folder and name that folder in CLIENTELE_PEERS.';

/**
 * Contestants that score columns by a model as onnxruntime runs it, on one thread: with the row tensor ready, and made from
 * the columns. None where `onnxruntime-node` is not found.
 * @param {Uint8Array} bytes a model with the input `x`, rows × columns of float32, and the output `p`
 * @param {(p: Float32Array) => void} check
 */
export async function onnxRows(bytes, columns, rows, check) {
  const module = await found('onnxruntime-node');
  if (!module) return [];
  const ort = module.default ?? module;
  const session = await ort.InferenceSession.create(bytes, {
    ...{ executionProviders: ['cpu'], executionMode: 'sequential', intraOpNumThreads: 1, interOpNumThreads: 1 },
    logSeverityLevel: 3,
  });
  const tensor = () => new ort.Tensor('float32', rowMajor(columns, rows), [rows, columns.length]);
  const ready = tensor();
  const row = (name, input) => ({
    name: `onnxruntime ${name}`,
    rows,
    peer: true,
    run: async () => (await session.run({ x: input() }, ['p'])).p.data,
    check,
  });
  return [row('float32, row tensor ready', () => ready), row('float32, with the tensor made from columns', tensor)];
}

function rowMajor(columns, rows) {
  const width = columns.length;
  const cells = new Float32Array(rows * width);
  for (let k = 0; k < width; k++) {
    const column = columns[k];
    for (let i = 0; i < rows; i++) cells[i * width + k] = column[i];
  }
  return cells;
}

/** sigmoid(intercept + x·weights). */
export function linearOnnx(weights, intercept) {
  return modelOf([node('Gemm', ['x', 'w', 'b'], ['z']), node('Sigmoid', ['z'], ['p'])], weights.length, [
    tensor('w', [weights.length, 1], weights),
    tensor('b', [1], [intercept]),
  ]);
}

/** sigmoid(base + Σ leaves); trees as our stored models hold them, tests of columns by `x <= threshold`. */
export function treesOnnx(trees, columns, base) {
  const nodes = { treeids: [], nodeids: [], featureids: [], values: [], modes: [], truenodeids: [], falsenodeids: [] };
  const leaves = { treeids: [], nodeids: [], ids: [], weights: [] };
  for (const [t, tree] of trees.entries()) {
    // The root has to be the first node: inner nodes, then leaves.
    const inner = tree.feature.length;
    const at = (child) => (child < 0 ? inner + ~child : child);
    for (let k = 0; k < inner + tree.value.length; k++) {
      const branch = k < inner;
      nodes.treeids.push(t);
      nodes.nodeids.push(k);
      nodes.featureids.push(branch ? tree.feature[k] : 0);
      nodes.values.push(branch ? below(tree.threshold[k]) : 0);
      nodes.modes.push(branch ? 'BRANCH_LEQ' : 'LEAF');
      nodes.truenodeids.push(branch ? at(tree.left[k]) : 0);
      nodes.falsenodeids.push(branch ? at(tree.right[k]) : 0);
      if (branch) continue;
      leaves.treeids.push(t);
      leaves.nodeids.push(k);
      leaves.ids.push(0);
      leaves.weights.push(tree.value[k - inner]);
    }
  }
  const ensemble = node(
    'TreeEnsembleRegressor',
    ['x'],
    ['z'],
    [
      ...Object.entries(nodes).map(([name, list]) =>
        attribute(`nodes_${name}`, list, { values: 'floats', modes: 'strings' }[name] ?? 'ints'),
      ),
      ...Object.entries(leaves).map(([name, list]) =>
        attribute(`target_${name}`, list, name === 'weights' ? 'floats' : 'ints'),
      ),
      attribute('n_targets', 1, 'int'),
      attribute('base_values', [base], 'floats'),
      attribute('aggregate_function', 'SUM', 'string'),
    ],
    'ai.onnx.ml',
  );
  // Its own LOGISTIC is left out by onnxruntime where there is one target.
  return modelOf([ensemble, node('Sigmoid', ['z'], ['p'])], columns, []);
}

/** The greatest float32 that is not above: the same test for every float32. */
function below(threshold) {
  const near = Math.fround(threshold);
  if (near <= threshold) return near;
  const bits = new Int32Array(new Float32Array([near]).buffer);
  bits[0] += near > 0 ? -1 : 1;
  return new Float32Array(bits.buffer)[0];
}

function modelOf(nodes, columns, initializers) {
  const graph = bytes([
    ...nodes.map((one) => message(1, one)),
    text(2, 'scoring'),
    ...initializers.map((one) => message(5, one)),
    message(11, valueInfo('x', columns)),
    message(12, valueInfo('p', 1)),
  ]);
  const operators = (domain, version) => message(8, bytes([text(1, domain), number(2, version)]));
  return bytes([number(1, 8), message(7, graph), operators('', 13), operators('ai.onnx.ml', 3)]);
}

function node(type, inputs, outputs, attributes = [], domain = '') {
  return bytes([
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, type),
    ...attributes.map((one) => message(5, one)),
    text(7, domain),
  ]);
}

function attribute(name, value, kind) {
  const own = {
    int: () => [number(3, value)],
    string: () => [text(4, value)],
    floats: () => [message(7, floats(value))],
    ints: () => [message(8, bytes(value.map(varint)))],
    strings: () => [...value.map((one) => text(9, one))],
  };
  return bytes([text(1, name), ...own[kind](), number(20, ATTRIBUTE[kind])]);
}

function tensor(name, shape, values) {
  return bytes([...shape.map((size) => number(1, size)), number(2, FLOAT), text(8, name), message(9, floats(values))]);
}

/** rows × columns, the rows of any number. */
function valueInfo(name, columns) {
  const shape = bytes([message(1, text(2, 'rows')), message(1, number(1, columns))]);
  return bytes([text(1, name), message(2, message(1, bytes([number(1, FLOAT), message(2, shape)])))]);
}

// Protobuf: a field is its number and wire type, then a varint (0) or a length and bytes (2).
const varint = (value) => {
  const out = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...out, rest]);
    out.push((rest % 128) + 128);
  }
};
const number = (field, value) => bytes([varint(field * 8), varint(value)]);
const message = (field, content) => bytes([varint(field * 8 + 2), varint(content.length), content]);
const text = (field, value) => message(field, Buffer.from(value));
const floats = (values) => new Uint8Array(Float32Array.from(values).buffer);
const bytes = (parts) => Buffer.concat(parts);
