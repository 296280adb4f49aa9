/** Figures of the benchmarks: what they are, how they are shown, and how a spread of times becomes two numbers. */

export interface Figure {
  /** For instance `routing 30/s p99`. */
  name: string;
  figure: number;
  unit: string;
  /** The same of what it is compared with in the same run; null when it stands alone. */
  baseline: number | null;
  /** `figure / baseline`: up to 1.0 is no slower and no dearer. Null without a baseline. */
  ratio: number | null;
  /** What was hoped for, in words; for the reader. */
  target: string;
}

export function figure(name: string, value: number, unit: string, target: string, baseline: number | null = null): Figure {
  const ratio = baseline === null || baseline === 0 ? null : value / baseline;
  return { name, figure: rounded(value), unit, baseline: baseline === null ? null : rounded(baseline), ratio: ratio === null ? null : rounded(ratio), target };
}

const rounded = (value: number): number => Number(value.toPrecision(4));

/** The value that a share of all values does not exceed (nearest rank); NaN for none at all. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);
export const p99 = (values: readonly number[]): number => percentile(values, 0.99);

/** The figures as a table for people. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((one) => [
    one.name,
    `${one.figure} ${one.unit}`,
    one.baseline === null ? '' : `${one.baseline} ${one.unit}`,
    one.ratio === null ? '' : one.ratio.toFixed(2),
    one.target,
  ]);
  const all = [['', 'figure', 'baseline', 'ratio', 'target'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 || column === 4 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd();
  return [line(all[0] ?? []), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}
