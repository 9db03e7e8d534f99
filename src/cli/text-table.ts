/** Columns of text, padded by display width (Chinese characters count two); numbers stand right. */
export function textTable(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => (cell === null ? '–' : String(cell))));
  const right = head.map(
    (_, c) => rows.length > 0 && rows.every((row) => row[c] === null || /^[-–\d]/.test(String(row[c]))),
  );
  const widths = head.map((_, c) => Math.max(...cells.map((row) => width(row[c] ?? ''))));
  const line = (row: readonly string[]) =>
    row
      .map((cell, c) => {
        const space = ' '.repeat(Math.max(0, widths[c]! - width(cell)));
        return right[c] ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  return cells.map((row) => `  ${line(row)}`).join('\n');
}

function width(text: string): number {
  let columns = 0;
  for (const char of text)
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
      char,
    )
      ? 2
      : 1;
  return columns;
}

export const percent = (x: number | null): string => (x === null ? '–' : `${(100 * x).toFixed(1)} %`);
export const money = (x: number | null): string =>
  x === null ? '–' : x.toLocaleString('en-US', { maximumFractionDigits: 0 });
export const decimal = (x: number | null, digits = 3): string => (x === null ? '–' : x.toFixed(digits));

/** The ends of an interval. */
export const range = (
  interval: { readonly low: number | null; readonly high: number | null } | null | undefined,
  as: (x: number) => string,
): string | null =>
  !interval || interval.low === null || interval.high === null ? null : `${as(interval.low)} … ${as(interval.high)}`;

/** A coverage, `95 %`. */
export const percentLevel = (level: number): string => `${Number((100 * level).toFixed(2))} %`;

/** How rows were held out, in words. */
export function heldOutBy(
  folds: number | null,
  validation: { readonly rule: string; readonly splits: readonly string[] } | null | undefined,
): string {
  if (validation?.rule === 'temporal') return `by time: ${validation.splits.join(', ')}`;
  return `${folds} folds${validation ? `, ${validation.rule}` : ''}`;
}
