import type { EngineFamily } from '../model/engine.ts';
import { isRead } from '../model/reading.ts';
import { showBytes } from '../model/text.ts';
import * as byHand from '../way-back/by-hand.ts';
import type { Leftovers } from '../way-back/facts.ts';
import * as mysqlByHand from '../way-back/mysql/by-hand.ts';
import { type ByHand, type Found, mayServe, type SideFound, type StandingFacts } from './standing-facts.ts';

/** Statements that every family has, each in its own words. */
const statements: Record<
  EngineFamily,
  Record<'executedBy' | 'openDatabase' | 'unsubscribe' | 'showOurs' | 'homeDatabase', string>
> = {
  postgresql: byHand,
  mysql: mysqlByHand,
};

/** What is executed where the thing stands. */
type Sql = (statement: string, database: string) => ByHand;

interface Place {
  sql: Sql;
  own: (typeof statements)[EngineFamily];
  /** An address of production leads here, or may. */
  serves: boolean;
}

/** Everything that was made inside the server, kind by kind. */
export function listInside(side: SideFound, facts: StandingFacts): Found[] {
  const { inside, now } = side;
  if (!inside) return [];
  const own = statements[facts.family ?? 'postgresql'];
  const place: Place = {
    sql: (sql, database) => ({ sql, as: own.executedBy, database, address: now.endpoint }),
    own,
    serves: mayServe(side, facts),
  };
  if (!isRead(inside)) return [unread(inside.unreadable, place)];
  return kinds.flatMap((list) => list(inside.value, place));
}

const kinds: readonly ((left: Leftovers, place: Place) => Found[])[] = [
  heldRoles,
  closedDatabases,
  subscriptions,
  slots,
  keptLog,
  publications,
  password,
];

const giveUp = 'once nobody is to go back by this way back any more';

function heldRoles({ heldRoles }: Leftovers, { sql, serves }: Place): Found[] {
  return [...Map.groupBy(heldRoles, ({ database }) => database)].map(([database, held]) => {
    const roles = held.map(({ role }) => role);
    return {
      kind: 'held roles',
      what: `the roles ${roles.join(', ')} are held: they may open no session and write nothing`,
      remove: sql(byHand.letRolesGo(roles), database),
      safe: 'at any time. Where the way back was not secured, rows that are written from then on are not in old blue',
      hurts: serves,
    };
  });
}

function closedDatabases({ closed }: Leftovers, { sql, own, serves }: Place): Found[] {
  return closed.map((database) => ({
    kind: 'closed database',
    what: `database ${database} is closed: only the users of Viridian may connect`,
    remove: sql(own.openDatabase, database),
    safe: serves
      ? 'only when this database is to serve and the other one is closed, or both take writes'
      : 'never while the other one serves: it keeps clients with an old address out',
    hurts: serves,
  }));
}

function subscriptions({ subscriptions }: Leftovers, { sql, own }: Place): Found[] {
  return subscriptions.map((database) => ({
    kind: 'subscription',
    what: `database ${database} receives what new production takes in (subscription viridian_way_back)`,
    remove: sql(own.unsubscribe, database),
    safe: giveUp,
    hurts: false,
  }));
}

function slots({ slots }: Leftovers, { sql }: Place): Found[] {
  return slots.map(({ name, database, active, retainedBytes }) => ({
    kind: 'slot',
    what: `the slot ${name} keeps the log, ${showBytes(retainedBytes)} by now${active ? ', and is being read' : ', and nobody reads it: it fills the disk'}`,
    remove: sql(byHand.dropSlot(name), database),
    safe: active ? `${giveUp}, and after its subscription is gone, which reads from it` : giveUp,
    hurts: true,
  }));
}

/** What a slot is for PostgreSQL. */
function keptLog({ logKept }: Leftovers, { sql, own }: Place): Found[] {
  if (!logKept) return [];
  const { hours, before } = logKept;
  const usual = before === null ? 'only as long as it is needed' : `for ${before} hours`;
  return [
    {
      kind: 'kept log',
      what: `the binary log is kept for ${hours} hours, before the run ${usual}: it may fill the disk`,
      remove: sql(mysqlByHand.keepLogAsBefore(before), own.homeDatabase),
      safe: giveUp,
      hurts: true,
    },
  ];
}

function publications({ publications }: Leftovers, { sql }: Place): Found[] {
  return publications.map((database) => ({
    kind: 'publication',
    what: `database ${database} publishes its tables (publication viridian_way_back)`,
    remove: sql(byHand.unpublish, database),
    safe: `${giveUp}, and after its slot is gone`,
    hurts: false,
  }));
}

function password({ passwordSet, closed, publications }: Leftovers, { sql, own }: Place): Found[] {
  if (!passwordSet) return [];
  return [
    {
      kind: 'password',
      what: 'the user viridian_replication can sign in with a one-time password',
      remove: sql(byHand.takePassword, closed[0] ?? publications[0] ?? own.homeDatabase),
      safe: giveUp,
      hurts: false,
    },
  ];
}

/** A server that did not answer may hold anything. */
function unread(because: string, { sql, own, serves }: Place): Found {
  return {
    kind: 'unread',
    what: `it could not be asked what of ours stands here (${because}): what we hold and keep may`,
    remove: sql(own.showOurs, own.homeDatabase),
    safe: 'at any time: it only shows them',
    hurts: serves,
  };
}
