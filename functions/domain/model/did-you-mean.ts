/** A question that names the candidate which a misspelt text comes close to; undefined where none does. */
export function didYouMean(typed: unknown, candidates: readonly string[]): string | undefined {
  if (typeof typed !== 'string') return undefined;
  const near = candidates
    .map((candidate) => ({ candidate, far: distance(fold(typed), fold(candidate)) }))
    .filter(
      ({ candidate, far }) =>
        far <= Math.max(1, Math.floor(candidate.length / 4)) || begins(typed, candidate),
    )
    .toSorted((one, other) => one.far - other.far)[0];
  return near && `did you mean ${near.candidate}?`;
}

const fold = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** `Sunday` for `Sun`, `17.1` for `17.10`: one is the beginning of the other. */
function begins(typed: string, candidate: string): boolean {
  const [one, other] = [typed.toLowerCase(), candidate.toLowerCase()] as const;
  return Math.min(one.length, other.length) >= 3 && (one.startsWith(other) || other.startsWith(one));
}

/** Every row begins with a number and has one more for each letter. */
const of = (row: number[], at: number): number => row[at] as number;

/** How many letters must be changed, added or removed (Levenshtein, by rows). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [at, wanted] of [...other].entries())
      next.push(Math.min(of(row, at) + (letter === wanted ? 0 : 1), of(row, at + 1) + 1, of(next, at) + 1));
    row = next;
  }
  return of(row, other.length);
}
