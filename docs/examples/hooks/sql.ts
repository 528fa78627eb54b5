import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import mysql from 'mysql2/promise';
import pg from 'pg';
import type { HookEvent } from './hook.ts';
import { numberSetting, readAddress, readLogin, setting } from './settings.ts';

/** One statement of a file, with the name that the comment before it gives. */
export interface Statement {
  name: string;
  text: string;
}

/** Reads a file in which every statement stands below a line `-- name: …`. No other sign parts them, so a statement may hold any. */
export function readStatements(file: string): Statement[] {
  const [before = '', ...parts] = file.split(/^-- name:/m);
  if (before.replace(/^--.*$/gm, '').trim() !== '')
    throw new Error('the file of statements does not begin with a line "-- name: …"');
  return parts.map((part) => {
    const [name = '', ...lines] = part.split('\n');
    return { name: name.trim(), text: lines.join('\n').trim().replace(/;$/, '') };
  });
}

/** The file of statements, from S3. */
export async function fetchStatements(): Promise<Statement[]> {
  const place = { Bucket: setting('STATEMENTS_BUCKET'), Key: setting('STATEMENTS_KEY') };
  const { Body } = await new S3Client().send(new GetObjectCommand(place));
  const statements = readStatements((await Body?.transformToString()) ?? '');
  if (statements.length === 0) throw new Error(`s3://${place.Bucket}/${place.Key} holds no statement`);
  return statements;
}

export type Rows = Record<string, unknown>[];
export type Run = (text: string) => Promise<Rows>;

/**
 * Works on a side in one session that can write nothing. Each statement has `STATEMENT_SECONDS` (10).
 * TLS by the authorities of `NODE_EXTRA_CA_CERTS`; `DATABASE_TLS=off` is for tests.
 */
export async function withSide<T>(
  { deployment }: HookEvent,
  endpoint: string,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const login = { ...readAddress(endpoint), ...(await readLogin(setting('DATABASE_SECRET'))) };
  const database = setting('DATABASE_NAME');
  const limit = 1_000 * numberSetting('STATEMENT_SECONDS', 10);
  const tls = process.env.DATABASE_TLS !== 'off';
  if (!/postgres/.test(deployment.database.engine)) {
    const client = await mysql.createConnection({ ...login, database, ...(tls && { ssl: {} }) });
    try {
      await client.query('START TRANSACTION READ ONLY');
      return await work(async (sql) => (await client.query({ sql, timeout: limit }))[0] as Rows);
    } finally {
      client.destroy();
    }
  }
  const client = new pg.Client({ ...login, database, ssl: tls, statement_timeout: limit });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SET default_transaction_read_only = on');
    return await work(async (text) => (await client.query(text)).rows);
  } finally {
    await client.end().catch(() => {});
  }
}
