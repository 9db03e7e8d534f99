/** By its tag: one of another realm is one too. */
export function isFloat64Array(values: object): values is Float64Array {
  return (values as Partial<Float64Array>)[Symbol.toStringTag] === 'Float64Array';
}
