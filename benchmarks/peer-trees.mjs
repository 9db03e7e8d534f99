// Trees that a peer has learned, as our stored models hold them.

/**
 * Nodes as `left`, `right` (−1 at a leaf), `feature`, `threshold`, `value`, `weight` by number; the root is 0 and a row goes
 * left when x <= threshold.
 */
export function storedTree({ left, right, feature, threshold, value, weight }) {
  const tree = { feature: [], threshold: [], left: [], right: [], nullLeft: [], subsets: [], surrogates: [] };
  const leaves = [];
  const weights = [];
  const put = (node) => {
    if (left[node] < 0) {
      weights.push(weight[node]);
      return ~(leaves.push(value[node]) - 1);
    }
    const at = tree.feature.push(feature[node]) - 1;
    tree.threshold.push(threshold[node]);
    tree.nullLeft.push(0);
    tree.left.push(0);
    tree.right.push(0);
    tree.left[at] = put(left[node]);
    tree.right[at] = put(right[node]);
    return at;
  };
  put(0);
  return { ...tree, value: leaves, weight: weights };
}
