import { spawn } from 'node:child_process';
import { pipeline } from 'node:stream/promises';
import { Client, escapeLiteral } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { DumpError } from '../../dump/dump-error.ts';
import type { DumpReport } from '../../dump/progress.ts';
import { piping, type ScriptFile } from '../../dump/script-file.ts';
import { type Database, serviceConnection, withSession } from '../database.ts';
import { tablesOf } from '../tables.ts';
import { type DumpOptions, loadScript } from './dump.ts';

export interface SourceOptions extends DumpOptions {
  pgDump: string;
  /** At most so many rows of each table. */
  rowsPerTable: number;
}

/** An address as it may be shown. libpq takes a password as a parameter, too. */
export function withoutPassword(address: string): string {
  const url = new URL(address);
  url.password = '';
  if (url.searchParams.has('password')) url.searchParams.delete('password');
  return url.toString();
}

/**
 * Loads a database of a running server. What is sent there is what pg_dump sends, and where rows are wanted a SELECT for each table and
 * sequence; every session is read-only.
 * @throws DumpError
 */
export async function loadSource(
  database: Database,
  address: string,
  options: SourceOptions,
): Promise<DumpReport> {
  const name = withoutPassword(address);
  const dump = (sections: string[]) =>
    loadScript(database, name, dumping(options.pgDump, address, sections), { ...options, mayBeEmpty: true });
  if (options.rowsPerTable === 0) return dump(['--schema-only']);
  const before = await dump(['--section=pre-data']);
  const rows = await copyRows(database, address, options.rowsPerTable);
  const after = await loadScript(database, name, dumping(options.pgDump, address, ['--section=post-data']), {
    ...options,
    mayBeEmpty: true,
    foreignKeysUnchecked: true,
  });
  return {
    statements: before.statements + after.statements,
    tables: before.tables + after.tables,
    rows,
    warnings: [...before.warnings, ...after.warnings],
  };
}

/** The password goes by the environment: the arguments of a process are seen by everybody on the machine. */
function dumping(pgDump: string, address: string, sections: string[]): ScriptFile {
  const url = new URL(address);
  const password = url.searchParams.get('password') ?? decodeURIComponent(url.password);
  const environment = {
    ...process.env,
    ...(password && { PGPASSWORD: password }),
    PGOPTIONS: '-c default_transaction_read_only=on',
  };
  const shown = withoutPassword(address);
  const child = spawn(pgDump, [...sections, `--dbname=${shown}`], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { stream, ended, close } = piping(child, shown, undefined, 'pg_dump');
  async function* chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of stream) yield chunk;
    await ended();
  }
  let read = 0;
  stream.on('data', (chunk: Buffer) => {
    read += chunk.length;
  });
  stream.pause();
  return { chunks: chunks(), size: 0, read: () => read, close };
}

/** @returns how many rows came */
async function copyRows(database: Database, address: string, rowsPerTable: number): Promise<number> {
  const source = new Client({
    connectionString: address,
    options: '-c default_transaction_read_only=on',
    connectionTimeoutMillis: 20_000,
  });
  source.on('error', () => {});
  let count = 0;
  try {
    await source.connect();
    await source.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await withSession(serviceConnection(database), async (to) => {
      for (const { name, columns } of await tablesOf(to)) {
        if (columns === '') continue;
        const copying = to.query(copyFrom(`COPY ${name} (${columns}) FROM STDIN`));
        const from = source.query(
          copyTo(`COPY (SELECT ${columns} FROM ONLY ${name} LIMIT ${rowsPerTable}) TO STDOUT`),
        );
        await pipeline(from, copying);
        count += copying.rowCount ?? 0;
      }
      await copyPositions(source, to);
    });
  } catch (failure) {
    throw new DumpError(`${withoutPassword(address)}: ${(failure as Error).message}`);
  } finally {
    await source.end().catch(() => {});
  }
  return count;
}

async function copyPositions(source: Client, to: Client): Promise<void> {
  const { rows } = await to.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, sequencename) AS name FROM pg_sequences ORDER BY 1`,
  );
  for (const { name } of rows) {
    const position = await source.query(`SELECT last_value, is_called FROM ${name}`);
    const { last_value: value, is_called: isCalled } = position.rows[0];
    await to.query(`SELECT setval(${escapeLiteral(name)}, ${value}, ${isCalled})`);
  }
}
