const NUMBER = /^-?(?:(?:0|[1-9]\d*)(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Whether text is a decimal number as this library spells them: `-12.5`, `0`, `.5`, `1e-3`; not `00123`, `0x10`, `+5`, `1,5`. */
export function isNumberText(text: string): boolean {
  return NUMBER.test(text);
}

/**
 * A decimal number, or a complaint when the text is none or when a float64 would silently hold another one: leading
 * zeros (codes, phone numbers), whole numbers beyond 2^53 − 1, overflow to Infinity, underflow to 0.
 *
 * @example
 * parseNumber('-12.5'); // -12.5
 * parseNumber('00123'); // 'has leading zeros: …'
 */
export function parseNumber(text: string): number | string {
  if (!NUMBER.test(text)) return complaint(text);
  const value = Number(text);
  const size = Math.abs(value);
  if (size <= Number.MAX_SAFE_INTEGER && size !== 0) return value;
  const mantissa = text.split(/[eE]/)[0]!;
  if (size === 0) return /[1-9]/.test(mantissa) ? `is too small for a float64 and would become 0: ${AS_TEXT}` : value;
  if (size === Number.POSITIVE_INFINITY) return `is too large for a float64: ${AS_TEXT}`;
  return Math.abs(Number(mantissa)) > Number.MAX_SAFE_INTEGER
    ? `is beyond 2^53 − 1 and would change as a float64: ${AS_TEXT}`
    : value;
}

/** {@link parseNumber} for whole numbers: refuses a point or an exponent too. */
export function parseInteger(text: string): number | string {
  const value = parseNumber(text);
  return typeof value === 'number' && !/^-?\d+$/.test(text)
    ? "is not a whole number: correct it, or declare the column as 'number'"
    : value;
}

const AS_TEXT = "declare the column as 'text' to keep it";

function complaint(text: string): string {
  if (/^-?0\d+(\.\d*)?$/.test(text)) return `has leading zeros: ${AS_TEXT}`;
  if (/^-?\d{1,3}([.,]\d{3})*,\d+$/.test(text)) return 'is not a number: write decimals with a point';
  return "is not a number: correct it, list it in `missing`, or declare the column as 'text'";
}
