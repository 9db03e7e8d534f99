/** A copy without the NaN cells. */
export function present(values: ArrayLike<number>): Float64Array {
  const cells = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] === values[i]) cells[count++] = values[i]!;
  return cells.subarray(0, count);
}

/** A sorted copy without the NaN cells: the order statistics. */
export function ascending(values: ArrayLike<number>): Float64Array {
  return present(values).sort();
}

/** The rows of `values` (ascending by value, NaN cells left out); equal values in the order of `key`, default row order. */
export function ascendingRows(values: ArrayLike<number>, key?: ArrayLike<number>): Uint32Array {
  const rows = Uint32Array.from({ length: values.length }, (_, row) => row).filter(
    (row) => values[row] === values[row],
  );
  return rows.sort((a, b) => values[a]! - values[b]! || (key ? key[a]! - key[b]! : 0) || a - b);
}
