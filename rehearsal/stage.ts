import { createHash } from 'node:crypto';
import { ownRoles, replicationRole } from '../functions/sql/postgres/names.ts';
import { ScaledClock } from '../packages/local-aws/clock.ts';
import { PostgresDataPlane } from '../packages/local-aws/postgres/data-plane.ts';
import { APP_ROLE, type Database } from '../packages/local-aws/postgres/database.ts';
import { type DumpReport, loadDump } from '../packages/local-aws/postgres/dump/dump.ts';
import { loadSource } from '../packages/local-aws/postgres/dump/source.ts';
import { PausingEndpoint } from '../packages/local-aws/postgres/proxy/pausing-endpoint.ts';
import { RecordEndpoint } from '../packages/local-aws/postgres/proxy/record-endpoint.ts';
import { seedWorkload } from '../packages/local-aws/postgres/seed.ts';
import { MAJORS } from '../packages/local-aws/postgres/server/binaries.ts';
import { CannotStart } from '../packages/local-aws/postgres/server/cannot-start.ts';
import { WORKLOAD_SCHEMA } from '../packages/local-aws/postgres/workload-schema.ts';
import type { Fault } from '../packages/local-aws/rds/faults.ts';
import type { EngineVersion } from '../packages/local-aws/rds/world/engine-versions.ts';
import type { HttpServer } from '../packages/local-aws/wire/endpoint.ts';
import { type Account, type AccountOptions, openAccount } from './account.ts';
import { addBlue, addGroups, type Blue, type Engine, fence } from './blue.ts';
import type { RehearsalOptions } from './options.ts';
import { fullScale, Pace } from './pace.ts';
import type { Report } from './report/types.ts';

/** Real seconds after which an open transaction counts as long where one is left open, short enough for a rehearsal that takes twenty. */
const longTransactionSeconds = 1;

const second = 1_000;

/** The local RDS answers in seconds where AWS takes minutes; the databases themselves take what they take. */
const quickTimings = {
  provisioningStart: 5 * second,
  createReplica: 10 * second,
  upgradeEngine: 10 * second,
  configureBackups: 5 * second,
  settleMembers: 10 * second,
  guardrails: 2 * second,
  finishSwitchover: 5 * second,
  deleteDeployment: 5 * second,
  cloneCluster: 10 * second,
  addInstance: 10 * second,
  snapshot: 10 * second,
  deleteDatabase: 10 * second,
  rename: 10 * second,
};

/** Name of the alarm that the bake watches. */
export const alarm = 'orders-errors';

/** A local account whose RDS has one real PostgreSQL database, `orders`. */
export interface Stage {
  clock: ScaledClock;
  pace: Pace;
  plane: PostgresDataPlane;
  account: Account;
  blue: Blue;
  /** What the application connects to where hooks hold it: a pooler in front of the endpoint. Leads nowhere yet. */
  pooler: PausingEndpoint | undefined;
  /** What the application connects to where it comes by a record. */
  record: RecordEndpoint | undefined;
  versions: { from: string; to: string };
  definitionSha256: string;
  /** Script of what the local RDS is to make go wrong; read while the run goes on. */
  faults: Fault[];
  /** Serves the endpoint and the approval page; port 0 takes a free one. */
  listen(port: number): Promise<string>;
  /** Stops every server and everything that goes on by itself. */
  dispose(): Promise<void>;
}

/**
 * Sets the stage: servers, account, an empty blue.
 * @param track gets what has to be ended when the process is told to stop, before there is a stage to dispose of
 */
export async function setStage(
  options: Pick<
    RehearsalOptions,
    'engine' | 'from' | 'to' | 'endpoint' | 'fault' | 'keep' | 'wayBack' | 'wayBackEndpoint'
  > &
    Pick<AccountOptions, 'reachesOtherHosts'> & { programs?: ReadonlyMap<number, string> | undefined },
  track: (dispose: () => Promise<void>) => void,
): Promise<Stage> {
  const clock = new ScaledClock(fullScale);
  const faults: Fault[] = [];
  const ended = new AbortController();
  let server: HttpServer | undefined;
  // The way back begins while nobody writes, which lasts longer than the cut: the application's own pooler waits it out.
  const byRecord = options.wayBackEndpoint === 'route53';
  const holds = options.endpoint === 'pause' && options.wayBack;
  const opening = PostgresDataPlane.open({
    mode: holds ? 'rds' : options.endpoint,
    addresses: byRecord,
    keep: options.keep,
    ...(options.programs && { programs: options.programs }),
    roles: { functions: ownRoles.filter((role) => role !== replicationRole), replication: [replicationRole] },
    clock,
    ...(options.fault === 'long-transaction' && { longTransactionSeconds }),
  });
  track(async () => (await opening).dispose());
  const plane = await opening;
  try {
    const offered = await installedVersions(plane, [options.from, options.to]);
    const account = await openAccount({
      clock,
      dataPlane: plane,
      faults,
      timings: quickTimings,
      // Databases answer in real time, which counts up to sixtyfold.
      requestTimeoutMs: 120 * second,
      functionPatience: 10,
      ...(byRecord && { record: { zone: 'rehearsal.test', name: 'orders-db.rehearsal.test' } }),
      engineVersions: offeredVersions(options.engine, offered),
      functionSecurityGroups: [fence],
      reachesOtherHosts: options.reachesOtherHosts ?? false,
    });
    addGroups(account, options.engine, offered.keys());
    const from = offered.get(options.from) ?? '';
    const to = offered.get(options.to) ?? '';
    await putHealthyAlarm(account);
    const blue = await addBlue(account, options.engine, from);
    const pace = new Pace(clock, plane.database(blue.database));
    await pace.measure();
    pace.follow(ended.signal).catch(() => {});
    account.states.on((event) => {
      const entered = event.kind === 'history' && event.event.stateEnteredEventDetails?.name;
      if (entered) pace.enter(entered);
    });
    const pooler = holds ? await PausingEndpoint.open() : undefined;
    const record = await openRecord(account, plane, blue, clock);
    return {
      clock,
      pace,
      plane,
      account,
      blue,
      pooler,
      record,
      versions: { from, to },
      faults,
      definitionSha256: createHash('sha256').update(account.definition).digest('hex'),
      async listen(port) {
        server = await account.listen(port);
        return server.url;
      },
      async dispose() {
        ended.abort();
        account.close();
        await pooler?.close();
        await record?.close();
        await server?.close();
        await plane.dispose();
      },
    };
  } catch (error) {
    await plane.dispose();
    throw error;
  }
}

/** Where the jobs of the application sign in, which go round its pooler. */
export const portOfJobs = ({ record, plane, blue }: Stage): number =>
  (record ?? plane.endpoint(blue.endpoint)).port;

/** Lets the record of the account, where it has one, lead to blue, and opens what the application connects to. */
async function openRecord(
  { record, route53 }: Account,
  plane: PostgresDataPlane,
  blue: Blue,
  clock: ScaledClock,
): Promise<RecordEndpoint | undefined> {
  if (!record) return undefined;
  const { hostedZoneId, recordName } = record;
  const Value = plane.endpoint(blue.endpoint).address;
  route53.putRecord(hostedZoneId, { Name: recordName, Type: 'CNAME', TTL: 60, ResourceRecords: [{ Value }] });
  return RecordEndpoint.follow({
    clock,
    ask: () => route53.resolve(hostedZoneId, recordName),
    reach: (value) => plane.listenerAt(value),
  });
}

/** What blue is filled with. */
export interface Filling
  extends Pick<RehearsalOptions, 'rows'>,
    Partial<Pick<RehearsalOptions, 'dump' | 'source' | 'rowsPerTable' | 'skipExtensions'>> {
  /** Client programs of PostgreSQL, where there are some. */
  clients?: { pgDump: string; pgRestore: string } | undefined;
  /** Hears how far a large file has come. */
  told?: (line: string) => void;
}

/** Schemas that only this project makes: a dump of a database where they were set up brings them along, and the run makes its own. */
const ownSchemas = ['viridian', WORKLOAD_SCHEMA];

/**
 * Fills blue: the user's dump or server when there is one, and the workload's own tables beside it.
 * @returns warnings, and what came from the user
 */
export async function fillBlue(
  stage: Stage,
  filling: Filling,
): Promise<{ warnings: string[]; own: Report['own'] }> {
  const { plane, blue } = stage;
  const loaded = await loadOwn(plane.database(blue.database), filling);
  const warnings = loaded?.warnings ?? [];
  // Tables of a dump are of its own roles, and the writers change them all.
  if (loaded)
    await plane.loadSchema(blue.database, `GRANT pg_read_all_data, pg_write_all_data TO ${APP_ROLE}`);
  for (const schema of await schemasOf(plane.database(blue.database), ownSchemas)) {
    await plane.loadSchema(blue.database, `DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    warnings.push(`the schema ${schema} is the workflow's own, so it was taken away and is made anew`);
  }
  await seedWorkload(plane, blue.database, filling.rows);
  return { warnings, own: loaded ? { tables: loaded.tables, rows: loaded.rows } : null };
}

async function loadOwn(database: Database, filling: Filling): Promise<DumpReport | undefined> {
  const { dump, source, rowsPerTable = 0, clients, told } = filling;
  const options = {
    ...(clients && { pgRestore: clients.pgRestore }),
    skipExtensions: filling.skipExtensions ?? false,
    ...(told && { onProgress: progressOf(told) }),
  };
  if (dump) return loadDump(database, dump, options);
  if (!source) return undefined;
  if (!clients)
    throw new CannotStart(
      '--source needs pg_dump, and this machine has none: install the client programs of PostgreSQL, or name their folder with --pg-bin',
    );
  return loadSource(database, source, { ...options, pgDump: clients.pgDump, rowsPerTable });
}

/** Real milliseconds between two lines about a large file. */
const toldEveryMs = 5_000;

/** How much of a file was read, and how long the rest may take. */
function progressOf(told: (line: string) => void): (bytes: number, size: number) => void {
  const begun = Date.now();
  let toldAt = begun;
  return (bytes, size) => {
    const now = Date.now();
    if (now - toldAt < toldEveryMs) return;
    toldAt = now;
    const rest =
      size > 0
        ? `, about ${Math.ceil((((now - begun) / bytes) * Math.max(0, size - bytes)) / 1000)} s left`
        : '';
    told(`${Math.round(bytes / 1e6)}${size > 0 ? ` of ${Math.round(size / 1e6)}` : ''} MB loaded${rest}`);
  };
}

async function schemasOf({ sql }: Database, names: string[]): Promise<string[]> {
  const { rows } = await sql.query<{ nspname: string }>(
    'SELECT nspname FROM pg_namespace WHERE nspname = ANY ($1)',
    [names],
  );
  return rows.map(({ nspname }) => nspname);
}

/** Versions of the PostgreSQL programs on this machine, by major. Rejects when one of the needed majors is missing. */
async function installedVersions(plane: PostgresDataPlane, needed: number[]): Promise<Map<number, string>> {
  const versions = new Map<number, string>();
  for (const major of MAJORS) {
    const binaries = await plane.workspace.binaries(major).catch((error: unknown) => {
      if (needed.includes(major)) throw error;
    });
    if (binaries) versions.set(major, binaries.version);
  }
  return versions;
}

function offeredVersions(engine: Engine, installed: Map<number, string>): EngineVersion[] {
  return [...installed].map(([major, version]) => ({
    engine,
    version,
    family: `${engine}${major}`,
    targets: [...installed].filter(([other]) => other > major).map(([, target]) => target),
  }));
}

const call = { requestId: 'stage', service: 'monitoring', operation: 'stage' };

async function putHealthyAlarm(account: Account): Promise<void> {
  const { operations } = account.cloudWatch;
  await operations.PutMetricAlarm?.(
    {
      AlarmName: alarm,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      Threshold: 0,
      ActionsEnabled: true,
    },
    call,
  );
  await setAlarm(account, 'OK');
}

/** Sets the alarm that the bake watches. */
export async function setAlarm({ cloudWatch }: Account, StateValue: 'OK' | 'ALARM'): Promise<void> {
  await cloudWatch.operations.SetAlarmState?.(
    { AlarmName: alarm, StateValue, StateReason: 'the rehearsal says so' },
    call,
  );
}
