/**
 * A position of a server's log as a number that grows with the log: `1/A2B3C4` of PostgreSQL's write-ahead log, or `mysql-bin-changelog.000003:1234`
 * of the binary log, whose files are numbered and shorter than 4 GiB.
 */
export function positionOf(position: string): bigint {
  const binary = /\.(\d+):(\d+)$/.exec(position);
  if (binary) return (BigInt(binary[1] ?? 0) << 32n) + BigInt(binary[2] ?? 0);
  const [high, low] = position.split('/').map((half) => BigInt(`0x${half}`)) as [bigint, bigint];
  return (high << 32n) + low;
}

/** Below zero when `a` lies before `b`, zero when they are the same. */
export function comparePositions(a: string, b: string): number {
  const difference = positionOf(a) - positionOf(b);
  return difference < 0n ? -1 : Number(difference > 0n);
}
