import type { Side } from '../model/deployment.ts';
import type { EngineFamily } from '../model/engine.ts';
import { isRead, type Reading } from '../model/reading.ts';
import { executionTag, goingBackTag, removableTag, sweepableTag } from '../model/tags.ts';
import { showBytes } from '../model/text.ts';
import * as byHand from '../way-back/by-hand.ts';
import type { Leftovers } from '../way-back/facts.ts';
import * as mysqlByHand from '../way-back/mysql/by-hand.ts';

/** What of ours stands on a database, or in AWS beside it. */
export interface Standing {
  kind:
    | 'held roles'
    | 'closed database'
    | 'subscription'
    | 'slot'
    | 'publication'
    | 'password'
    | 'security group'
    | 'deletion protection'
    | 'tags'
    | 'unread';
  /** What stands, and what it does. */
  what: string;
  /** The database by name and resource id. */
  on: string;
  resourceId: string;
  /** What removes it. */
  remove: ByHand;
  /** When that is safe. */
  safe: string;
  /** It keeps an application from working or fills a disk: told every hour until it is gone. */
  hurts: boolean;
}

/** What a person executes: a statement as the master user in a database of the server, or a command of the AWS CLI. One line. */
export type ByHand = { sql: string; database: string; address: string } | { command: string };

/** One database of a run as it is now, with everything that may be ours. A part that was not looked at is absent. */
export interface SideFound {
  role: 'blue' | 'green' | 'clone';
  isCluster: boolean;
  now: Pick<Side, 'id' | 'arn' | 'resourceId' | 'endpoint' | 'deletionProtection'>;
  inside?: Reading<Leftovers>;
  tags?: Reading<Record<string, string>>;
  /** Of a cluster. */
  securityGroups?: string[];
}

export interface StandingFacts {
  sides: SideFound[];
  /** Resource id that the address of production leads to; undefined: that is not known. */
  production: string | undefined;
  /** PostgreSQL where nothing is said. */
  family?: EngineFamily | undefined;
  /** `oldBlue.fenceSecurityGroup` of the request. */
  fence?: string | undefined;
}

/** What families do in different words. */
const ways: Record<EngineFamily, { openDatabase: string; unsubscribe: string }> = {
  postgresql: byHand,
  mysql: mysqlByHand,
};

/** Everything of ours that stands, what hurts most first. */
export function listStanding(facts: StandingFacts): Standing[] {
  const found = facts.sides.flatMap((side) => [...listInside(side, facts), ...listInAws(side, facts)]);
  return [...found.filter(({ hurts }) => hurts), ...found.filter(({ hurts }) => !hurts)];
}

/** Whether an address of production leads to this database, or may. */
function mayServe({ now }: SideFound, { production }: StandingFacts): boolean {
  return production === undefined || production === now.resourceId;
}

function nameRole(side: SideFound, { production }: StandingFacts): string {
  if (side.role === 'clone') return 'the clone of old blue';
  if (production === undefined) return side.role;
  if (side.role === 'green') return production === side.now.resourceId ? 'new production' : 'green';
  return production === side.now.resourceId ? 'blue' : 'old blue';
}

function listInside(side: SideFound, facts: StandingFacts): Standing[] {
  const { inside } = side;
  if (!inside) return [];
  const line = linesOf(side, facts);
  const serves = mayServe(side, facts);
  if (!isRead(inside)) return [unread(line, side, serves, inside.unreadable)];
  const { heldRoles, closed, subscriptions, slots, publications, passwordSet } = inside.value;
  const sql = (statement: string, database: string): ByHand => ({
    sql: statement,
    database,
    address: side.now.endpoint,
  });
  return [
    ...groupBy(heldRoles, ({ database }) => database).map(([database, roles]) =>
      line('held roles', {
        what: `the roles ${roles.map(({ role }) => role).join(', ')} are held: they may open no session and write nothing`,
        remove: sql(byHand.letRolesGo(roles.map(({ role }) => role)), database),
        safe: 'at any time. Where the way back was not secured, rows that are written from then on are not in old blue',
        hurts: serves,
      }),
    ),
    ...closed.map((database) =>
      line('closed database', {
        what: `database ${database} is closed: only the users of Viridian may connect`,
        remove: sql(ways[facts.family ?? 'postgresql'].openDatabase, database),
        safe: serves
          ? 'only when this database is to serve and the other one is closed, or both take writes'
          : 'never while the other one serves: it keeps clients with an old address out',
        hurts: serves,
      }),
    ),
    ...subscriptions.map((database) =>
      line('subscription', {
        what: `database ${database} receives what new production takes in (subscription viridian_way_back)`,
        remove: sql(ways[facts.family ?? 'postgresql'].unsubscribe, database),
        safe: giveUp,
        hurts: false,
      }),
    ),
    ...slots.map(({ name, database, active, retainedBytes }) =>
      line('slot', {
        what: `the slot ${name} keeps the log, ${showBytes(retainedBytes)} by now${active ? ', and is being read' : ', and nobody reads it: it fills the disk'}`,
        remove: sql(byHand.dropSlot(name), database),
        safe: active ? `${giveUp}, and after its subscription is gone, which reads from it` : giveUp,
        hurts: true,
      }),
    ),
    ...publications.map((database) =>
      line('publication', {
        what: `database ${database} publishes its tables (publication viridian_way_back)`,
        remove: sql(byHand.unpublish, database),
        safe: `${giveUp}, and after its slot is gone`,
        hurts: false,
      }),
    ),
    ...(passwordSet
      ? [
          line('password', {
            what: 'the user viridian_replication can sign in with a one-time password',
            remove: sql(byHand.takePassword, closed[0] ?? publications[0] ?? 'postgres'),
            safe: giveUp,
            hurts: false,
          }),
        ]
      : []),
  ];
}

const giveUp = 'once nobody is to go back by this way back any more';

/** What could not be asked may hold anything. */
function unread(line: Line, { now }: SideFound, serves: boolean, because: string): Standing {
  return line('unread', {
    what: `it could not be asked what of ours stands here (${because}): held roles and slots may`,
    remove: {
      sql: 'SELECT rolname FROM pg_roles WHERE rolconnlimit = 0 UNION ALL SELECT slot_name FROM pg_replication_slots;',
      database: 'postgres',
      address: now.endpoint,
    },
    safe: 'at any time: it only shows them',
    hurts: serves,
  });
}

const ourTags = [executionTag, goingBackTag, removableTag, sweepableTag];

function listInAws(side: SideFound, facts: StandingFacts): Standing[] {
  const { now, isCluster, tags, securityGroups = [] } = side;
  const line = linesOf(side, facts);
  const [resource, option] = isCluster
    ? ['modify-db-cluster', '--db-cluster-identifier']
    : ['modify-db-instance', '--db-instance-identifier'];
  const modify = (change: string): ByHand => ({
    command: `aws rds ${resource} ${option} ${now.id} ${change} --apply-immediately`,
  });
  const set = tags && isRead(tags) ? ourTags.filter((tag) => tag in tags.value) : [];
  const isFenced =
    facts.fence !== undefined &&
    securityGroups.length > 0 &&
    securityGroups.every((one) => one === facts.fence);
  const groups = facts.sides.find((other) => other.now.resourceId === facts.production)?.securityGroups;
  return [
    ...(isFenced
      ? [
          line('security group', {
            what: `only the security group ${facts.fence} is on it, which admits no application`,
            remove: modify(`--vpc-security-group-ids ${groups?.join(' ') || 'THE-GROUPS-OF-PRODUCTION'}`),
            safe: 'only when applications are to reach this database, and it may take no writes beside another one',
            hurts: mayServe(side, facts) && facts.production !== undefined,
          }),
        ]
      : []),
    ...(now.deletionProtection && facts.production !== undefined && !mayServe(side, facts)
      ? [
          line('deletion protection', {
            what: 'it is protected against deletion',
            remove: modify('--no-deletion-protection'),
            safe: 'just before you delete it, after comparing its resource id',
            hurts: false,
          }),
        ]
      : []),
    ...(set.length > 0
      ? [
          line('tags', {
            what: `the tags ${set.join(', ')} name a run`,
            remove: {
              command: `aws rds remove-tags-from-resource --resource-name ${now.arn} --tag-keys ${set.join(' ')}`,
            },
            safe: 'when no run and no execution that goes back is open for this database; they block nothing then, and another run replaces them',
            hurts: false,
          }),
        ]
      : []),
  ];
}

type Line = (kind: Standing['kind'], rest: Omit<Standing, 'kind' | 'on' | 'resourceId'>) => Standing;

function linesOf(side: SideFound, facts: StandingFacts): Line {
  const { id, resourceId } = side.now;
  return (kind, rest) => ({
    kind,
    ...rest,
    on: `${nameRole(side, facts)} ${id} (${resourceId})`,
    resourceId,
  });
}

function groupBy<T>(list: T[], key: (one: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const one of list) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return [...groups];
}

/** One entry for people: what stands where, when it may be removed, and how to. The last line is to be taken as it is. */
export function describeStanding({ what, on, safe, remove }: Standing): { text: string; command: string } {
  const how =
    'sql' in remove
      ? `As the master user, in database ${remove.database} at ${remove.address || 'its address'}`
      : 'By the AWS CLI';
  return {
    text: `On ${on}: ${what}. ${how}; safe ${safe}:`,
    command: 'sql' in remove ? remove.sql : remove.command,
  };
}
