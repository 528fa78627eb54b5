import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { handOver } from '../../servers/account.ts';
import { CannotStart } from '../../servers/cannot-start.ts';
import { ended } from '../../servers/launch.ts';
import { launchServer, temporaryFolder } from './launch.ts';
import type { Programs } from './programs.ts';

/** Makes an empty data directory. Returns its path. It takes some seconds, so it is done once a version and copied. */
export async function initialize(programs: Programs, dataDirectory: string): Promise<string> {
  mkdirSync(dataDirectory, { mode: 0o700 });
  await handOver(dataDirectory);
  const common = [
    `--datadir=${dataDirectory}`,
    `--basedir=${programs.base}`,
    `--lc-messages-dir=${programs.messages}`,
    `--tmpdir=${await temporaryFolder(dataDirectory)}`,
  ];
  if (programs.flavour === 'mysql')
    // Without the last one it fails where /var/lib/mysql-files is missing.
    await finish(
      programs,
      dataDirectory,
      ['--initialize-insecure', ...common, '--secure-file-priv=NULL'],
      'ignore',
    );
  else
    await finish(
      programs,
      dataDirectory,
      // `net-buffer-length`: a statement of the system tables is longer than the default takes.
      ['--bootstrap', ...common, `--plugin-dir=${dataDirectory}`, '--net-buffer-length=16K'],
      await bootstrapFile(programs, dataDirectory),
    );
  return dataDirectory;
}

/** MariaDB is given the statements that make its system tables on its standard input. */
async function bootstrapFile({ messages }: Programs, dataDirectory: string): Promise<string> {
  const read = (part: string) => {
    for (const prefix of ['mariadb', 'mysql']) {
      try {
        return readFileSync(join(messages, `${prefix}_${part}.sql`), 'utf8');
      } catch {}
    }
    throw new CannotStart(`${messages} has no statements for ${part}`);
  };
  const statements = [
    // One statement a line: the bootstrap reads lines.
    'create database if not exists mysql;',
    'use mysql;',
    'set @auth_root_socket=NULL;',
    'SET @skip_auth_anonymous=1;',
    ...['system_tables', 'performance_tables', 'system_tables_data', 'sys_schema'].map(read),
  ];
  const file = `${dataDirectory}.sql`;
  await writeFile(file, `${statements.join('\n')}\n`);
  return file;
}

async function finish(
  programs: Programs,
  dataDirectory: string,
  args: string[],
  input: string,
): Promise<void> {
  const log = `${dataDirectory}.log`;
  const out = openSync(log, 'a');
  const stdin = input === 'ignore' ? ('ignore' as const) : openSync(input, 'r');
  try {
    const result = await ended(launchServer(programs, args, { stdin, log: out }));
    if (result !== 0)
      throw new CannotStart(
        `an empty ${programs.flavour} ${programs.version} could not be made (${result}):\n${readFileSync(log, 'utf8').slice(-4_000).trim()}`,
      );
  } finally {
    closeSync(out);
    if (typeof stdin === 'number') closeSync(stdin);
  }
}
