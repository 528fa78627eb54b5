/**
 * What a cut does to sessions, in words. Names of SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const meanings: Record<string, string> = {
  '25006': 'read-only',
  '42501': 'no right to connect',
  '53300': 'role held',
  '57P01': 'session ended by the server',
  '57P03': 'server not ready',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
};

/** Errors that writers got, by their codes, as a list that people can read. */
export function describeWriteErrors(errors: Record<string, number>): string {
  const parts = Object.entries(errors).map(([code, count]) => {
    const meaning = meanings[code];
    return `${count} x ${meaning ? `${meaning} (${code})` : code}`;
  });
  return parts.join(', ') || 'no error';
}
