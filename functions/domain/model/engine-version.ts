import { findEngine } from './engine.ts';

/**
 * Engine versions as RDS writes them: `17.10`, `8.0.43`, `10.11.14`, `8.0.mysql_aurora.3.10.1`, `5.7.mysql_aurora.2.12.4`.
 */

/** The numbers of a version. Of an Aurora MySQL version, MySQL's own come first, then Aurora's. */
function numbersOf(version: string): number[] {
  return [...version.matchAll(/\d+/g)].map(([digits]) => Number(digits));
}

/** Negative when `a` is the older one, positive when `b` is, zero when they are equal. */
export function compareVersions(a: string, b: string): number {
  const left = numbersOf(a);
  const right = numbersOf(b);
  const length = Math.max(left.length, right.length);
  const differences = Array.from({ length }, (_, at) => (left[at] ?? 0) - (right[at] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}

/** The major version: `17` of PostgreSQL 17.10, `9.6` of 9.6.24, `8.0` of MySQL 8.0.43, `10.11` of MariaDB 10.11.14. */
export function majorVersion(engine: string, version: string): string {
  const [first = 0, second = 0] = numbersOf(version);
  const oneNumber = first >= (findEngine(engine)?.oneNumberFrom ?? Number.POSITIVE_INFINITY);
  return oneNumber ? `${first}` : `${first}.${second}`;
}

/** Whether going from one version to the other changes the major version. */
export function isMajorUpgrade(engine: string, from: string, to: string): boolean {
  return majorVersion(engine, from) !== majorVersion(engine, to);
}
