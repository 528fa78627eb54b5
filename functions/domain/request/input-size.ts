/**
 * Characters of JSON that the input of an execution may have. The request travels through every later state beside everything that the run
 * finds out, and past 256 KiB in one state Step Functions ends a run with an error that nothing catches, so nobody would be told.
 * The longest request that the schema takes, with ARNs, names and addresses as AWS has them, is shorter.
 */
export const longestInput = 40_960;

/** What is wrong with the size of an input; undefined when it may be read. */
export function findSizeProblem(
  input: unknown,
  characters: number,
  longestField: string | null,
): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(input) ?? '');
  const size = Math.max(characters, bytes);
  if (size <= longestInput) return undefined;
  const field = longestField ?? findLongest(input);
  return `${field}: makes the request ${size} characters long; give at most ${longestInput} in all`;
}

function findLongest(input: unknown): string {
  const fields = Object.entries((input ?? {}) as Record<string, unknown>);
  const [longest] = fields.toSorted(([, a], [, b]) => lengthOf(b) - lengthOf(a));
  return (longest?.[0] ?? 'the request').slice(0, 64);
}

function lengthOf(value: unknown): number {
  return JSON.stringify(value)?.length ?? 0;
}
