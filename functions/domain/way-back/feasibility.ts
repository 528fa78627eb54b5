import { findEngine } from '../model/engine.ts';
import { firstNames } from '../model/first-names.ts';
import { type PlannedComparison, planComparison } from './comparison.ts';
import type { ApplicationRole, DatabaseFacts, ServerFacts } from './facts.ts';
import { type BothFacts, type Judgement, named, type WayBackCase } from './judgement.ts';
import { judgeMysql } from './mysql/feasibility.ts';

/** Whether there can be a way back without losing a row, and every reason why not. */
export interface WayBackVerdict {
  possible: boolean;
  because: string[];
  /** Do not stand in the way, but belong into the approval. */
  warnings: string[];
  /** Databases that the reverse stream is made for. */
  databases: string[];
  /** How both sides are compared before going back; known where one is possible. */
  compare?: PlannedComparison['compare'];
}

/** The oldest major version that can receive the stream: `wal_status` of a slot is known from 13 on. */
const oldestMajor = 13;

/** All reasons are reported together, in the same order each time. An unknown fact is a reason. */
export function judgeWayBack(asked: WayBackCase): WayBackVerdict {
  const { enabled, engine, blue, green } = asked;
  const databases = (blue?.databases ?? []).map(({ name }) => name);
  const not = (because: string) => ({ possible: false, because: [because], warnings: [], databases });
  const family = findEngine(engine)?.family;
  if (!enabled) return not('the request turns the way back off');
  if (!family) return not(`there is no lossless way back for ${engine}`);
  if (blue === null) return not('the database could not be asked, so nothing is known of it');
  if (green === null) return not('green could not be asked, so nothing is known of it');
  const { because: found, warnings } = judges[family](asked, { blue, green } as never);
  const because = [...found, ...(asked.schemaObstacles ?? []).map((one) => `going back, ${one}`)];
  const possible = because.length === 0;
  if (!possible) return { possible, because, warnings: [], databases };
  const comparison = planComparison(asked.compare, blue.databases);
  return {
    possible,
    because,
    warnings: [...warnings, ...comparison.warnings],
    databases,
    compare: comparison.compare,
  };
}

/** By family: a new one is an entry here, and its rules in a folder of its own. */
const judges = {
  postgresql: judgePostgres,
  mysql: judgeMysql,
} satisfies Record<string, (asked: WayBackCase, facts: never) => Judgement>;

function judgePostgres(asked: WayBackCase, { blue, green }: BothFacts<ServerFacts>): Judgement {
  return {
    because: [...judgeBlue(blue), ...judgeGate(asked, blue), ...(green ? judgeGreen(green, blue) : [])],
    warnings: warn(asked, blue),
  };
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
        `row security that is forced on owners binds whoever carries rows of ${database.name} back (ALTER TABLE … NO FORCE ROW LEVEL SECURITY while the run lasts)`,
      ),
      ...named(
        database.replicaTriggers,
        `triggers of ${database.name} would fire a second time for rows that are carried back`,
      ),
      ...named(
        database.ownersCode,
        `rows that are carried back into ${database.name} would run code of others with the rights of a master user`,
      ),
      ...tellRefused(database, 'blue'),
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

function judgeGreen(green: ServerFacts, blue: ServerFacts): string[] {
  const needed = blue.databases.length;
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
    ...green.databases.flatMap((database) => tellRefused(database, 'green')),
  ];
}

/** Everything is tried on both sides: each is where the stream comes from and where it leads to, whichever way it goes. */
function tellRefused({ name, refusedStatements }: DatabaseFacts, side: 'blue' | 'green'): string[] {
  return named(
    refusedStatements,
    `database ${name} of ${side} refuses statements of the way back (ALTER EVENT TRIGGER … DISABLE on blue until the way back is closed)`,
  );
}

function warn({ stopsWrites, losesStatistics }: WayBackCase, blue: ServerFacts): string[] {
  const missing = losesStatistics ? blue.databases : [];
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
    ...missing.flatMap(({ name, missingToAnalyze }) =>
      named(missingToAnalyze, `some statistics of ${name} cannot be refreshed on green without`),
    ),
  ];
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
