/** Figures of the same thing, one a round. Prints least, median and most; a ratio is of medians. */

export function median(values: number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** Least, median and most, as text. */
export function spread(values: number[]): string[] {
  return [Math.min(...values), median(values), Math.max(...values)].map((value) => value.toFixed(1));
}

/** A line of a table: `name`, then least, median and most in milliseconds, then how many times the base's median. */
export function line(name: string, values: number[], base?: number[]): string {
  const cells = spread(values).map((cell) => cell.padStart(10));
  const ratio = base ? (median(values) / median(base)).toFixed(2).padStart(10) : '';
  return `${name.padEnd(34)}${cells.join('')}${ratio}`;
}

export const head = (what: string, ratio = '') =>
  `${what.padEnd(34)}${['min', 'median', 'max'].map((word) => word.padStart(10)).join('')}${ratio.padStart(10)}`;

/** The figure that this share of them does not pass. */
export function percentile(values: number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.ceil(share * values.length) - 1] ?? Number.NaN;
}
