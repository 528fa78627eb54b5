import { groupsOf } from '../aws/rds/fence-old-blue.ts';
import { asTags, readTags } from '../aws/rds/read.ts';
import { readerHostOf } from '../aws/rds/readers.ts';
import { asSide, readSideAgain } from '../aws/rds/side.ts';
import { orUnreadable } from '../aws/readings.ts';
import { readReads } from '../aws/route53/reads.ts';
import type { Deployment, Side } from '../domain/model/deployment.ts';
import { findEngine } from '../domain/model/engine.ts';
import { isRead, type Reading, unreadable } from '../domain/model/reading.ts';
import { listStanding } from '../domain/outcome/standing.ts';
import type { SideFound, Standing, StandingFacts } from '../domain/outcome/standing-facts.ts';
import { carriesOurs } from '../domain/outcome/standing-in-aws.ts';
import { readsRecordOf } from '../domain/read-ramp/record.ts';
import type { Request } from '../domain/request/request.ts';
import type { Leftovers } from '../domain/way-back/facts.ts';
import { identify } from '../domain/way-back/identity.ts';
import type { WayBack } from '../domain/way-back/state.ts';
import { askDatabase, placeOf } from './ask.ts';
import { questionOf } from './question.ts';

/** A run as far as it is known, whether it is open or not. */
export interface KnownRun {
  executionArn: string;
  /** As it was given, when it was refused. */
  request: unknown;
  deployment: Partial<Deployment>;
  wayBack?: Partial<WayBack> | undefined;
}

/**
 * What of ours stands on the databases of a run: inside of them, by SQL, and beside them in RDS. Reads only, and never throws: what cannot
 * be asked is an entry itself.
 * @param production resource id that the address of production leads to
 */
export async function readStanding(run: KnownRun, production: Reading<string | null>): Promise<Standing[]> {
  const found = await readStandingFacts(run, production);
  return found ? listStanding(found) : [];
}

/** The databases of a run with everything that may be ours; undefined where the run has made nothing. Reads only, and never throws. */
export async function readStandingFacts(
  run: KnownRun,
  production: Reading<string | null>,
): Promise<StandingFacts | undefined> {
  const { database, ...sides } = run.deployment;
  // A run that has made nothing leaves nothing: what is there is of somebody else.
  if (!database || (!run.deployment.id && !run.deployment.green)) return undefined;
  const roles = ['green', 'clone', 'blue'] as const;
  const found = await Promise.all(roles.map((role) => readSide(run, database.kind, role, sides[role])));
  const { oldBlue } = (run.request ?? {}) as Partial<Request>;
  const record = readsRecordOf(run.request);
  return {
    sides: found.filter((side) => side !== undefined),
    production: isRead(production) ? (production.value ?? undefined) : undefined,
    family: findEngine(database.engine)?.family,
    fence: oldBlue?.fenceSecurityGroup,
    reads: record && { record, seen: await orUnreadable(readReads(record)) },
  };
}

async function readSide(
  run: KnownRun,
  kind: 'instance' | 'cluster',
  role: SideFound['role'],
  known: Side | undefined,
): Promise<SideFound | undefined> {
  if (!known) return undefined;
  const reading = await orUnreadable(readSideAgain(kind, known));
  const isCluster = kind === 'cluster';
  if (!isRead(reading)) return { role, isCluster, now: known, inside: reading };
  if (!reading.value) return undefined;
  const now = asSide(reading.value);
  const [tags, inside] = await Promise.all([orUnreadable(readTags(now.arn)), readInside(run, role, now)]);
  const { cluster, instances } = reading.value;
  return {
    role,
    isCluster,
    now,
    tags,
    markedMembers: instances
      .map(({ DBInstanceArn = '', TagList }) => ({ arn: DBInstanceArn, tags: asTags(TagList) }))
      .filter((one) => one.arn !== now.arn && carriesOurs(one.tags)),
    readerHost: readerHostOf(reading.value),
    ...(inside && { inside }),
    ...(cluster && { securityGroups: groupsOf(cluster).map(({ id }) => id) }),
  };
}

/**
 * Nothing of ours is inside a database where no way back could be made or its servers could not be told apart, in old blue beside its clone,
 * and in a clone that was not closed.
 */
async function readInside(
  { executionArn, request, deployment, wayBack }: KnownRun,
  role: SideFound['role'],
  now: Side,
): Promise<Reading<Leftovers> | undefined> {
  const { databases = [], target, fenced = false, distinction } = wayBack ?? {};
  if (databases.length === 0 || !distinction) return undefined;
  if (role !== 'green' && (role === 'clone') !== (target === 'clone')) return undefined;
  if (role === 'clone' && !fenced) return undefined;
  const { applicationRoles } = (request as Request).wayBack;
  const asked = orUnreadable(
    Promise.resolve().then(() =>
      askDatabase('leftovers', {
        ...questionOf({
          executionArn,
          request: request as Request,
          deployment: deployment as Deployment,
          wayBack: wayBack as WayBack,
        }),
        ...placeOf(now, identify(distinction, role === 'green' ? 'green' : 'target', { ...now, fenced })),
        applicationRoles,
      }),
    ),
  );
  const reply = await asked;
  if (!isRead(reply)) return reply;
  return reply.value.kind === 'answer' ? { value: reply.value.facts } : unreadable(reply.value.because);
}
