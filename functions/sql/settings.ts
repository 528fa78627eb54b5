import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { databaseCredentials } from '../aws/database-credentials.ts';
import { env } from '../runtime/env.ts';
import type { Login, Place } from './contract.ts';

/** Name and password of one sign-in. */
export interface Credentials {
  user: string;
  password?: string;
}

/** Finds the credentials of one sign-in. It runs before every connection: an IAM token lives for 15 minutes. */
export type FindCredentials = (place: Pick<Place, 'host' | 'port'>, login: Login) => Promise<Credentials>;

/** What a rehearsal or a test sets differently for every session of this process. */
export interface SqlSettings {
  credentials: FindCredentials;
  /** Only where both ends are on this machine. */
  tls?: 'off';
}

/** A global symbol, as in `runtime/clock.ts`: what is set here reaches the packaged bundle as well as the sources. */
const seam: unique symbol = Symbol.for('viridian.sql') as never;
const holder = globalThis as { [seam]?: SqlSettings };

/** Replaces the settings of every session; `undefined` puts back what is deployed: TLS and the credentials of AWS. */
export function configureSql(settings: SqlSettings | undefined): void {
  holder[seam] = settings;
}

export function credentials(): FindCredentials {
  return holder[seam]?.credentials ?? databaseCredentials;
}

export function usesTls(): boolean {
  return holder[seam]?.tls !== 'off';
}

let bundle: string | undefined;

/** The server must show a certificate for its own name, signed by the RDS certificate bundle (`RDS_CA_FILE`). */
export function tlsOptions(): ConnectionOptions | false {
  if (!usesTls()) return false;
  bundle ??= readFileSync(env('RDS_CA_FILE'), 'utf8');
  return { ca: bundle, rejectUnauthorized: true, minVersion: 'TLSv1.2' };
}
