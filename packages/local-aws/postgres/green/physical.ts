import { closeSync, openSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeIdentifier } from 'pg';
import { type IsLate, realClock } from '../../real-clock.ts';
import { handOver } from '../../servers/account.ts';
import { freePort } from '../../servers/free-port.ts';
import { ended, launch } from '../../servers/launch.ts';
import { type Database, ownerConnection, partsOf, serviceConnection, withSession } from '../database.ts';
import { findOrigins } from '../dump/origin.ts';
import { createSlot, type Link, linksOf, publish } from '../link.ts';
import { OWNER, type Server } from '../server/server.ts';
import { copyRunning } from '../server/snapshot.ts';
import type { Workspace } from '../server/workspace.ts';
import { UpgradeRefused, wayOn } from './upgrade-refused.ts';

/**
 * Green as RDS makes it: a physical copy of blue, upgraded by pg_upgrade where the major changes. Blue is published and its slots are made
 * before the copy is taken, so nothing is lost between; what follows begins exactly where the copy ends.
 *
 * @returns green's server, and the position of blue's log at which it stands
 * @throws UpgradeRefused
 */
export async function makePhysically(
  workspace: Workspace,
  blue: Database,
  green: { name: string; major: number; link: string },
  limits: { slotMs: number; isLate: IsLate },
  onProgress: (percent: number) => void,
): Promise<{ server: Server; position: string }> {
  await publish({ blue, name: green.link });
  const parts = partsOf(blue).map((part, index) => ({
    blue: part,
    name: index === 0 ? green.link : `${green.link}_${index}`,
  }));
  for (const part of parts) await createSlot(part, limits.slotMs);
  onProgress(5);
  const copy = await workspace.serverOn(`${green.name}-copy`, blue.server.binaries.major);
  try {
    const position = await copyRunning(blue, copy.dataDirectory);
    onProgress(35);
    await recoverUntil(copy, position, limits.isLate);
    onProgress(50);
    const server =
      copy.binaries.major === green.major
        ? await moved(workspace, copy, green.name)
        : await upgraded(workspace, copy, green, onProgress).catch((failure: Error) => {
            throw failure instanceof UpgradeRefused ? withOrigins(failure, blue) : failure;
          });
    await server.start();
    onProgress(90);
    return { server, position };
  } finally {
    await workspace.remove(copy);
  }
}

/** Puts the statements of the user's file, and what to do, before what pg_upgrade says, which may be long. */
function withOrigins({ message }: UpgradeRefused, blue: Database): UpgradeRefused {
  const origins = findOrigins(blue, message);
  const from = origins.length > 0 ? `${origins.join('; ')}. ` : '';
  return new UpgradeRefused(`${from}${wayOn}: ${message}`);
}

/** Lets a copy recover to exactly this position and ends it in order, as an upgrade wants it. */
async function recoverUntil(copy: Server, position: string, isLate: IsLate): Promise<void> {
  const settings = join(copy.dataDirectory, 'postgresql.auto.conf');
  const before = await readFile(settings, 'utf8');
  await appendFile(
    settings,
    // The log is there already, so the command that fetches it has nothing to do.
    `restore_command = 'false'\nrecovery_target_lsn = '${position}'\nrecovery_target_inclusive = off\nrecovery_target_action = 'promote'\n`,
  );
  await writeFile(join(copy.dataDirectory, 'recovery.signal'), '');
  await handOver(copy.dataDirectory);
  await copy.start();
  await withSession(ownerConnection(copy, 'postgres'), async (client) => {
    for (;;) {
      const { rows } = await client.query<{ recovering: boolean }>(
        'SELECT pg_is_in_recovery() AS recovering',
      );
      if (!rows[0]?.recovering) break;
      if (isLate()) throw new Error(`the copy of blue was not recovered in time: ${copy.logTail(500)}`);
      await realClock.sleep(20);
    }
    // A table that is not logged arrives empty, and what the service has made on blue does not belong to green.
    await client.query('CHECKPOINT');
  });
  await forgetMarks(copy);
  await copy.stop();
  await writeFile(settings, before);
}

/**
 * Servers such as 17.12 mark columns with the position of the log at which they were made (`pg_attver`). A release of the next major
 * that is older takes the mark for a setting that it does not know, and its pg_upgrade fails. A database that was made before has no marks, so the
 * copy does without.
 */
async function forgetMarks(copy: Server): Promise<void> {
  const databases = await withSession(ownerConnection(copy, 'postgres'), (client) =>
    client.query<{ name: string }>('SELECT datname AS name FROM pg_database WHERE datallowconn'),
  );
  for (const { name } of databases.rows)
    await withSession(ownerConnection(copy, name), (client) =>
      client.query(
        `UPDATE pg_attribute SET attoptions = nullif(array(SELECT option FROM unnest(attoptions) AS option WHERE option NOT LIKE 'pg\\_attver=%'), '{}')
          WHERE attoptions::text LIKE '%pg\\_attver=%'`,
      ),
    );
}

async function moved(workspace: Workspace, copy: Server, name: string): Promise<Server> {
  const server = await workspace.serverOn(name, copy.binaries.major);
  await server.adopt(copy.dataDirectory);
  return server;
}

async function upgraded(
  workspace: Workspace,
  copy: Server,
  { name, major }: { name: string; major: number },
  onProgress: (percent: number) => void,
): Promise<Server> {
  const server = await workspace.makeServer(name, major);
  // Short, as sockets are made in it, whose names may have a hundred letters.
  const folder = join(workspace.folder, 'upgrade');
  await mkdir(folder, { recursive: true });
  await handOver(folder);
  try {
    const upgrade = new Upgrade(copy, server, folder);
    await upgrade.run(['--check']);
    onProgress(60);
    // Nobody else uses the copy, so its files can be shared instead of copied once more.
    await upgrade.run(['--link']);
    return server;
  } catch (failure) {
    await workspace.remove(server);
    throw failure;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lines of a log that tell why a step of an upgrade has failed. */
const lastLines = 12;

/** Lines of pg_upgrade that only tell where it is, or where its files are: what these hold is told instead. */
const SAYS_NOTHING =
  /^(Performing|Checking cluster|Finding|Consult|Failure, exiting|child process|\/|fatal$|\*failure\*$|"\/|for the probable|A list of)|^(If pg_upgrade fails after|new cluster before)/;

class Upgrade {
  readonly #old: Server;
  readonly #new: Server;
  readonly #folder: string;

  constructor(old: Server, next: Server, folder: string) {
    this.#old = old;
    this.#new = next;
    this.#folder = folder;
  }

  /** @throws UpgradeRefused with what pg_upgrade says and the objects that it lists */
  async run(more: string[]): Promise<void> {
    const [old, next] = [this.#old, this.#new];
    const log = join(this.#folder, 'pg_upgrade.log');
    const file = openSync(log, 'w');
    const args = [
      ...['--old-bindir', old.binaries.bin, '--new-bindir', next.binaries.bin],
      ...['--old-datadir', old.dataDirectory, '--new-datadir', next.dataDirectory],
      ...['--old-port', `${await freePort()}`, '--new-port', `${await freePort()}`],
      ...['--username', OWNER, '--socketdir', this.#folder, '--jobs', '2'],
    ];
    try {
      const result = await ended(
        launch(join(next.binaries.bin, 'pg_upgrade'), [...args, ...more], file, this.#folder),
      );
      if (result !== 0)
        throw new UpgradeRefused(await this.#explain(await readFile(log, 'utf8'), more.includes('--check')));
    } finally {
      closeSync(file);
    }
  }

  /** Its own words from the check that failed on, with the contents of the lists that it has written. */
  async #explain(said: string, isCheck: boolean): Promise<string> {
    const lines = said.split('\n').filter((line) => !/\s(ok|OK)\s*$/.test(line) && !/^-*$/.test(line.trim()));
    const told = lines.map((line) => line.trim()).filter((line) => !SAYS_NOTHING.test(line));
    const listed = await Promise.all(
      [...said.matchAll(/^\s*(\/\S+\.txt)\s*$/gm)].map(async ([, path = '']) =>
        readFile(path, 'utf8').catch(() => ''),
      ),
    );
    const [, consulted] = /last few lines of\s+"(\/[^"]+\.log)"/.exec(said) ?? [];
    const log = consulted === undefined ? '' : await readFile(consulted, 'utf8').catch(() => '');
    const wrong = log.split('\n').filter((line) => /\b(error|fatal):/i.test(line));
    listed.push((wrong.length > 0 ? wrong : log.trim().split('\n')).slice(-lastLines).join('\n'));
    const lists = listed
      .flatMap((text) => text.split('\n'))
      .filter((line) => line.trim() !== '')
      .slice(0, 40);
    const text = [...told, ...lists.map((line) => line.trim())].join(' ').replace(/\s+/g, ' ');
    const [outcome, its] = isCheck
      ? ['is refused by pg_upgrade', 'pg_upgrade_precheck.log']
      : ['failed although the check of pg_upgrade had passed', 'pg_upgrade_internal.log'];
    return `the upgrade from PostgreSQL ${this.#old.binaries.version} to ${this.#new.binaries.version} ${outcome} (RDS would end the deployment so, with this in ${its}): ${text.slice(0, 2_000)}`;
  }
}

/** What the copy has of the service's own: green is subscriber and no publisher. */
export async function forgetPublication(link: Link): Promise<void> {
  for (const { green } of linksOf(link))
    await withSession(serviceConnection(green), async (client) => {
      const { rows } = await client.query<{ pubname: string }>(
        "SELECT pubname FROM pg_publication WHERE pubname LIKE 'rds\\_bluegreen\\_%'",
      );
      for (const { pubname } of rows) await client.query(`DROP PUBLICATION ${escapeIdentifier(pubname)}`);
    });
}
