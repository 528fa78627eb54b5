/**
 * What a wait has seen, apart from its remedy, which stands behind it wherever the clock alone does not end the wait. Of any other verdict: its
 * reason as it is.
 */
export function seenOf({ because }: { because: string }): string {
  return because.split('; if it stays so, ')[0] ?? '';
}
