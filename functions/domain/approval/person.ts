/**
 * The names that a person may be known by: as written, the last part of an ARN (session or user name), and what stands
 * before the @ of an address. Widened on purpose: two persons who look like one are refused, one who looks like two is not let through.
 */
function aliasesOf(name: string): string[] {
  const written = name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
  const last = written.split('/').at(-1) ?? '';
  return [written, last, written.split('@')[0] ?? '', last.split('@')[0] ?? ''].filter(Boolean);
}

/** Whether two names may be those of one person. Nobody is not the same as anybody. */
export function isSamePerson(name: string, other: string | undefined): boolean {
  if (!other) return false;
  const known = aliasesOf(other);
  return aliasesOf(name).some((alias) => known.includes(alias));
}
