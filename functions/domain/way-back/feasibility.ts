import { isPostgres, type Replication } from '../model/engine.ts';
import { firstNames } from '../model/first-names.ts';
import { limits } from '../model/limits.ts';
import type { Request } from '../request/request.ts';
import type { ApplicationRole, ServerFacts } from './facts.ts';

/** What is known when the question is asked. `null` facts: the server could not be asked. */
export interface WayBackCase {
  enabled: boolean;
  engine: string;
  /** How green follows blue: a physical copy cannot be changed before the cut. */
  replication: Replication;
  /** The request names a hook that stops the application's writes. */
  stopsWrites: boolean;
  applicationRoles: string[];
  compare: Request['wayBack']['compare'];
  /** Green begins without statistics, and the run refreshes them. */
  losesStatistics: boolean;
  blue: ServerFacts | null;
  /** Known once green is built; new production is made of it. */
  green?: ServerFacts | null;
}

/** Whether there can be a way back without losing a row, and every reason why not. */
export interface WayBackVerdict {
  possible: boolean;
  because: string[];
  /** Do not stand in the way, but belong into the approval. */
  warnings: string[];
  /** Databases that the reverse stream is made for. */
  databases: string[];
}

/** The oldest major version that can receive the stream: `wal_status` of a slot is known from 13 on. */
const oldestMajor = 13;

/** All reasons are reported together, in the same order each time. An unknown fact is a reason. */
export function judgeWayBack(asked: WayBackCase): WayBackVerdict {
  const impossible = findImpossible(asked);
  const { blue, green } = asked;
  const because = [
    ...impossible,
    ...(impossible.length > 0 || !blue ? [] : [...judgeBlue(blue), ...judgeGate(asked, blue)]),
    ...(impossible.length > 0 || !green ? [] : judgeGreen(green, blue)),
  ];
  return {
    possible: because.length === 0,
    because,
    warnings: because.length === 0 && blue ? warn(asked, blue) : [],
    databases: (blue?.databases ?? []).map(({ name }) => name),
  };
}

/** What makes every further question idle. */
function findImpossible({ enabled, engine, blue, green }: WayBackCase): string[] {
  if (!enabled) return ['the request turns the way back off'];
  if (!isPostgres(engine)) return [`there is no lossless way back for ${engine} yet`];
  if (blue === null) return ['the database could not be asked, so nothing is known of it'];
  if (green === null) return ['green could not be asked, so nothing is known of it'];
  return [];
}

function judgeBlue(blue: ServerFacts): string[] {
  const needed = blue.databases.length;
  return [
    ...(needed === 0 ? ['no database of the server holds tables or sequences'] : []),
    ...(blue.major < oldestMajor
      ? [
          `PostgreSQL ${blue.major} is older than ${oldestMajor}: the state of the stream could not be watched`,
        ]
      : []),
    ...firstNames(blue.missing).map((statement) => `the setup is not complete: ${statement}`),
    ...blue.databases.flatMap((database) => [
      ...firstNames(database.missing).map((what) => `the setup is not complete in ${database.name}: ${what}`),
      ...named(
        database.withoutIdentity,
        `tables of ${database.name} have neither a primary key nor a replica identity`,
      ),
      ...named(database.unlogged, `rows of unlogged tables of ${database.name} would not be carried back`),
      ...(database.largeObjects === 0
        ? []
        : [`${database.largeObjects} large objects of ${database.name} would not be carried back`]),
      ...named(
        database.rowSecurity,
        `row security hides rows of ${database.name} from the user of the way back, who needs BYPASSRLS`,
      ),
      ...named(
        database.replicaTriggers,
        `triggers of ${database.name} would fire a second time for rows that are carried back`,
      ),
      ...named(
        database.ownersCode,
        `rows that are carried back into ${database.name} would run code of others with the rights of a master user`,
      ),
      ...named(
        [...database.foreignPublications, ...database.foreignSubscriptions],
        `${database.name} takes part in another replication`,
      ),
    ]),
    ...named(blue.foreignSlots, 'the server has logical slots of somebody else'),
    ...tooFew('max_logical_replication_workers of blue', blue.capacity.workers.max, needed),
    ...tooFewProcesses(blue.capacity.workerProcesses, needed),
  ];
}

/** Between the cut and the slot nothing may be written, so something must hold the writes. */
function judgeGate({ stopsWrites, applicationRoles, replication }: WayBackCase, blue: ServerFacts): string[] {
  if (stopsWrites) return [];
  if (replication === 'physical') {
    return [
      'green is a physical copy, on which no role can be held before the cut: name a hook that stops writes',
    ];
  }
  if (applicationRoles.length === 0) {
    return ['nothing holds writes at the cut: name wayBack.applicationRoles, or a hook that stops writes'];
  }
  return blue.applicationRoles.flatMap((role) => {
    if (!role.exists) return [`there is no role ${role.name}`];
    if (role.unholdable) return [explainUnholdable(role)];
    if (role.ownSettings.length === 0) return [];
    return [
      `role ${role.name} has a default_transaction_read_only of its own, which holding it would overwrite`,
    ];
  });
}

function explainUnholdable({ name, unholdable }: ApplicationRole): string {
  const because =
    unholdable === 'superuser'
      ? 'is a superuser, from whom no right to connect can be taken'
      : 'ran the setup file, and what the reverse stream brings is applied in its sessions';
  return `role ${name} ${because}: give the application a role of its own`;
}

function judgeGreen(green: ServerFacts, blue: ServerFacts | null): string[] {
  const needed = blue?.databases.length ?? 0;
  const { walLevel, slots, senders } = green.capacity;
  return [
    ...(walLevel === 'logical'
      ? []
      : [
          `wal_level of green is ${walLevel}: set rds.logical_replication to 1 in its parameter group and reboot it`,
        ]),
    ...tooFew('max_replication_slots of green', slots.max - slots.used, needed),
    ...tooFew('max_wal_senders of green', senders.max - senders.used, needed),
    ...firstNames(green.missing).map((statement) => `the setup is not complete on green: ${statement}`),
  ];
}

/** Less is read within a minute or two also from a small volume (100 MB a second). GiB. */
const soonCompared = 10;

/** MiB a second that one session was measured to read of each side, both at once: docs/way-back.md, "Large databases". */
const throughput = { counts: 100, checksums: 30 } as const;

/** How long comparing holds writes, before anybody approves: it ends after a quarter of an hour, and then production stays where it is. */
function warnOfComparing(compare: WayBackCase['compare'], gib: number): string[] {
  if (compare === 'none' || gib < soonCompared) return [];
  const minutes = Math.ceil((gib * 1_024) / throughput[compare] / 60);
  const given = limits.comparison / 60;
  const reads = `going back reads ${gib} GiB on each side to compare them (${compare}) while nobody can write, for about ${minutes} minutes`;
  return minutes < given
    ? [`${reads}; with wayBack.compare none it does not`]
    : [
        `${reads}, and ${given} are given: going back would hold writes so long, fail, and leave production where it is, also where onFailure is go-back. Set wayBack.compare to none, or give "compare": "none" to the execution that goes back; that everything has arrived is proved by position in any case`,
      ];
}

function warn({ stopsWrites, losesStatistics, compare }: WayBackCase, blue: ServerFacts): string[] {
  const missing = losesStatistics ? blue.databases : [];
  const gib = Math.round(blue.databases.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 30);
  return [
    ...(stopsWrites
      ? []
      : named(
          blue.otherLoginRoles,
          'sessions of these roles are not held and stop the way back from being made',
        )),
    ...(blue.openTransactions.length === 0
      ? []
      : [
          `${blue.openTransactions.length} transactions are open for long, and a slot waits for those that write`,
        ]),
    ...named(
      blue.tellsPassword,
      'the one-time password of the stream may stand in a view or log, where the master user cannot set these otherwise for a moment',
    ),
    ...warnOfComparing(compare, gib),
    ...missing.flatMap(({ name, missingToAnalyze }) =>
      named(missingToAnalyze, `some statistics of ${name} cannot be refreshed on green without`),
    ),
  ];
}

function named(names: string[], what: string): string[] {
  return names.length === 0 ? [] : [`${what}: ${firstNames(names).join(', ')}`];
}

/** Each database has a worker of its own there for as long as the way back is open, beside everything that runs already. */
function tooFewProcesses({ used, max }: { used: number; max: number }, needed: number): string[] {
  return tooFew('max_worker_processes of blue', max - used, needed).map(
    (because) =>
      `${because}, one for each database: raise it in the parameter group of blue to ${used + needed} or more`,
  );
}

function tooFew(what: string, free: number, needed: number): string[] {
  return free >= needed ? [] : [`${what} leaves ${Math.max(0, free)} free, and ${needed} are needed`];
}
