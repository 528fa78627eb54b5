import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { APP_DATABASE, type Database, ownerConnection, withSession } from '../database.ts';

/** What a server makes anew, or must not find: its own pid, the log (copied last), slots that nobody would ever read. */
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts', 'pg_wal', 'pg_replslot', 'pg_stat_tmp']);

/** Length of a log file's name; other files in the same folder are not log. */
const LOG_NAME = /^[0-9A-F]{24}$/;

/**
 * Copies a running server's data directory so that a server starts from the copy: the files between the start and the stop
 * of a backup, then the log from between the two.
 * Source: PostgreSQL documentation, "Making a Base Backup Using the Low Level API".
 *
 * @returns the position at which the copy is whole. The log goes beyond it, so that a recovery can end exactly there.
 */
export async function copyRunning(database: Database, to: string): Promise<string> {
  const { server } = database;
  return withSession(ownerConnection(server, APP_DATABASE), async (client) => {
    const began = await client.query<{ log: string }>(
      "SELECT pg_walfile_name(pg_backup_start('local-aws', true)) AS log",
    );
    await copyFolder(server.dataDirectory, to, (name) => !LEFT_OUT.has(name));
    const ended = await client.query<{ position: string; labelfile: string }>(
      'SELECT lsn AS position, labelfile FROM pg_backup_stop(false)',
    );
    await client.query("SELECT pg_logical_emit_message(true, 'local-aws', 'copied')");
    const beyond = await client.query<{ log: string }>(
      'SELECT pg_walfile_name(pg_current_wal_flush_lsn()) AS log',
    );
    const [first, last] = [began.rows[0]?.log ?? '', beyond.rows[0]?.log ?? ''];
    await copyFolder(join(server.dataDirectory, 'pg_wal'), join(to, 'pg_wal'), (name) => {
      return LOG_NAME.test(name) && name >= first && name <= last;
    });
    await mkdir(join(to, 'pg_wal/archive_status'));
    await mkdir(join(to, 'pg_replslot'));
    await mkdir(join(to, 'pg_stat_tmp'));
    await writeFile(join(to, 'backup_label'), ended.rows[0]?.labelfile ?? '');
    return ended.rows[0]?.position ?? '';
  });
}

async function copyFolder(from: string, to: string, wanted: (name: string) => boolean): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (!wanted(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, target, () => true);
    else await copyFile(source, target, constants.COPYFILE_FICLONE).catch(ignoreVanished);
  }
}

/** Files that a running server removes in between are not part of the backup. */
function ignoreVanished(failure: NodeJS.ErrnoException): void {
  if (failure.code !== 'ENOENT') throw failure;
}
