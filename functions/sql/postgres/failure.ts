import { failureDescriber } from '../failure.ts';
import { during, Interrupted } from '../interrupted.ts';

export { during };

/** SQLSTATEs and network codes that people meet. Source: PostgreSQL manual, appendix A; Node.js, `dns` and `tls` errors. */
const meanings: Record<string, string> = {
  '25006': 'the session is read-only',
  '28000': 'the sign-in was refused',
  '28P01': 'the sign-in was refused',
  '3D000': 'there is no such database',
  '3F000': 'a schema is missing: run the setup file there',
  '42501': 'a right is missing: run the setup file there',
  '42883': 'a function is missing: run the setup file there',
  '42P01': 'a table is missing: run the setup file there, or compare the schemas',
  '42703': 'a column is missing',
  '53100': 'the disk is full',
  '53300': 'the server has no connection left',
  '53400': 'no replication slot or worker is left',
  '55006': 'the object is in use',
  '55P03': 'a lock was not free in time',
  '57014': 'the statement ran out of its time',
  '57P01': 'the server ended the session',
  '57P03': 'the server is starting or stopping',
  '08001': 'the server could not connect to the other one',
  '08006': 'the connection broke',
  XX000: 'something inside the server, as two sessions that change the same role at once',
  'no-answer': 'no answer came in time',
};

/** A failure as it may be told. */
export const describeFailure = failureDescriber(meanings, codeOf);

/** SQLSTATE or network code; the class name where there is neither. `no-answer`: the driver's own timeouts have none. */
export function codeOf(error: unknown): string {
  if (error instanceof Interrupted) return codeOf(error.cause);
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code === 'string') return code;
  return error instanceof Error && error.name !== 'Error' ? error.name : 'no-answer';
}
