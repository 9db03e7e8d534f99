import { readCategories, readNumbers } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { PlainColumn } from '../model/batch.ts';
import { sum } from '../numerics/sum.ts';
import { type ComplaintCode, type ComplaintCodes, complaintCodes, type ValueDimension } from './complaint-codes.ts';

/** One row per complaint. */
export interface ComplaintColumns {
  readonly theme: PlainColumn;
  /** How grave it is, 0 or more. Default: 1 each. */
  readonly severity?: PlainColumn;
}

/** Complaints that hit one dimension or belong to one department. */
export interface ComplaintPart {
  readonly count: number;
  readonly severity: number;
  /** Of all hits: a complaint with two dimensions hits twice, so the shares add up to 1. */
  readonly share: number;
  /** Of the severity of all hits; null when that is 0. */
  readonly severityShare: number | null;
}

export interface ComplaintDimension extends ComplaintPart {
  readonly dimension: ValueDimension;
  readonly sign: -1 | 1;
}

export interface ComplaintDepartment extends ComplaintPart {
  readonly department: string | null;
}

export interface ComplaintDimensions {
  /** Complaints whose theme has a code. */
  readonly complaints: number;
  /** Theme and dimension pairs; at least as many. */
  readonly hits: number;
  /** Most hits first, equal ones in the order of the codes. */
  readonly dimensions: readonly ComplaintDimension[];
  /** Likewise, by responsible department. */
  readonly departments: readonly ComplaintDepartment[];
  /** The dimension with most hits; null without any. */
  readonly top: ValueDimension | null;
  /** Themes without a code and how often they occur, in order of first appearance. */
  readonly unknown: readonly { readonly theme: string; readonly count: number }[];
  /** Complaints without a theme or a severity. */
  readonly nulls: number;
}

/**
 * Sorts complaints by the dimension of delivered value that they hurt and by who is to act (S13). The lookup from theme to
 * dimension is data; a theme may hit several dimensions, and one without a code is counted, not guessed.
 *
 * @throws ClienteleError `invalid-value` for a negative severity; `invalid-option` for a dimension with both signs;
 *   `wrong-length`.
 * @example complaintDimensions({ theme: ['slowDelivery', 'paidInstallation'] }).hits // 3
 */
export function complaintDimensions(
  columns: ComplaintColumns,
  codes: ComplaintCodes = complaintCodes,
): ComplaintDimensions {
  const theme = readCategories({ theme: columns.theme }, 'theme');
  const rows = theme.codes.length;
  const severity = columns.severity
    ? readNumbers({ severity: columns.severity }, 'severity')
    : new Float64Array(rows).fill(1);
  if (severity.length !== rows)
    fail('wrong-length', `severity has ${severity.length} rows, theme has ${rows}: make them equal`);
  const severities = theme.levels.map((): number[] => []);
  let nulls = 0;
  theme.codes.forEach((code, row) => {
    const grave = severity[row]!;
    if (code < 0 || grave !== grave) {
      nulls++;
      return;
    }
    if (grave < 0) fail('invalid-value', `severity, row ${row}: ${grave} is below 0`);
    severities[code]!.push(grave);
  });
  const themes = severities.map((list) => ({ count: list.length, severity: sum(list) }));

  const known = theme.levels.map((name) => Object.hasOwn(codes, name));
  const complaints = themes.reduce((n, { count }, t) => n + (known[t] ? count : 0), 0);
  const hits = Object.keys(codes).flatMap((name) => {
    const found = themes[theme.levels.indexOf(name)];
    return found && found.count > 0 ? codes[name]!.map((code) => ({ code, ...found })) : [];
  });
  const signs = signsOf(codes);
  const by = <K>(key: (code: ComplaintCode) => K): { readonly key: K; readonly part: ComplaintPart }[] => {
    const groups = new Map<K, typeof hits>();
    for (const hit of hits) groups.set(key(hit.code), [...(groups.get(key(hit.code)) ?? []), hit]);
    const total = hits.reduce((n, { count }) => n + count, 0);
    const gravity = sum(hits.map(({ severity }) => severity));
    return [...groups]
      .map(([key, list]) => {
        const count = list.reduce((n, hit) => n + hit.count, 0);
        const grave = sum(list.map(({ severity }) => severity));
        const severityShare = gravity > 0 ? grave / gravity : null;
        return { key, part: { count, severity: grave, share: count / total, severityShare } };
      })
      .sort((a, b) => b.part.count - a.part.count);
  };
  const dimensions = by(({ dimension }) => dimension).map(({ key, part }) => ({
    dimension: key,
    sign: signs.get(key)!,
    ...part,
  }));
  return {
    complaints,
    hits: hits.reduce((n, { count }) => n + count, 0),
    dimensions,
    departments: by(({ department }) => department).map(({ key, part }) => ({ department: key, ...part })),
    top: dimensions[0]?.dimension ?? null,
    unknown: themes.flatMap(({ count }, t) => (known[t] || count === 0 ? [] : [{ theme: theme.levels[t]!, count }])),
    nulls,
  };
}

function signsOf(codes: ComplaintCodes): ReadonlyMap<ValueDimension, -1 | 1> {
  const signs = new Map<ValueDimension, -1 | 1>();
  for (const { dimension, sign } of Object.values(codes).flat()) {
    if ((signs.get(dimension) ?? sign) !== sign)
      fail('invalid-option', `dimension "${dimension}" is coded with both signs: a value has −1, a cost 1`);
    signs.set(dimension, sign);
  }
  return signs;
}
