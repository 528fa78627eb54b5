import { failureDescriber } from '../failure.ts';
import { during, Interrupted } from '../interrupted.ts';

export { during };

/**
 * Errors by their number, which servers of all versions share; names of a driver's own table are not the same for MariaDB. Sources: MySQL
 * "Server Error Message Reference", MariaDB "Error codes"; Node.js, `dns` and `tls` errors.
 */
const meanings: Record<string, string> = {
  '1040': 'the server has no connection left',
  '1044': 'a right is missing: run the setup file on blue before the deployment is created',
  '1045': 'the sign-in was refused',
  '1046': 'no schema was chosen',
  '1049': 'there is no such schema',
  '1054': 'a column is missing',
  '1062': 'a row with this key is there already',
  '1095': 'the right to end the sessions of others is missing',
  '1142': 'a right is missing: run the setup file on blue before the deployment is created',
  '1146': 'a table is missing: run the setup file on blue, or compare the schemas',
  '1205': 'a lock was not free in time',
  '1213': 'another transaction was in the way',
  '1227': 'a right is missing: run the setup file on blue before the deployment is created',
  '1236': 'the log has no such position any more',
  '1290': 'the server is read-only',
  '1305': 'a procedure of the service is missing',
  '1370':
    'a procedure of the service may not be called: run the setup file on blue before the deployment is created',
  '1396': 'the account is missing: run the setup file on blue before the deployment is created',
  '1410': 'an account is missing',
  '1524': 'the server does not know the sign-in plugin of the account',
  '1836': 'the server is read-only',
  '1872': 'the server has no replication configured',
  '1969': 'the statement ran out of its time',
  '2059': 'the sign-in plugin is not known here',
  '3024': 'the statement ran out of its time',
  '3118': 'the account is locked',
  '4151': 'the account is locked',
  EPIPE: 'the connection broke',
  PROTOCOL_CONNECTION_LOST: 'the connection broke',
  PROTOCOL_SEQUENCE_TIMEOUT: 'no answer came in time',
  HANDSHAKE_NO_SSL_SUPPORT: 'the server offers no TLS',
};

/** A failure as it may be told. */
export const describeFailure = failureDescriber(meanings, codeOf);

/** The server's error number, or the driver's or network's code; `broken` where there is neither, as of a session that was killed. */
export function codeOf(error: unknown): string {
  if (error instanceof Interrupted) return codeOf(error.cause);
  const { errno, code } = (error ?? {}) as { errno?: unknown; code?: unknown };
  // Numbers of the network's own errors are negative.
  if (typeof errno === 'number' && errno > 0) return String(errno);
  if (typeof code === 'string') return code;
  return error instanceof Error && error.name !== 'Error' ? error.name : 'broken';
}
