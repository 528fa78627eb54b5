import { createHash } from 'node:crypto';
import { sets } from '../functions/domain/read-ramp/record.ts';
import { phaseOfState } from '../functions/domain/run/phase.ts';
import { useLogSink } from '../functions/runtime/log.ts';
import { ScaledClock } from '../packages/local-aws/clock.ts';
import { PausingEndpoint } from '../packages/local-aws/postgres/proxy/pausing-endpoint.ts';
import type { Fault } from '../packages/local-aws/rds/faults.ts';
import { instanceEndpoint, readerEndpoint } from '../packages/local-aws/rds/world/endpoints.ts';
import type { EngineVersion } from '../packages/local-aws/rds/world/engine-versions.ts';
import { RecordEndpoint } from '../packages/local-aws/servers/endpoints/record-endpoint.ts';
import type { HttpServer } from '../packages/local-aws/wire/endpoint.ts';
import { copySecurityGroup } from './account/place.ts';
import { type Account, type AccountOptions, openAccount } from './account.ts';
import { awsLatency, tracedCompletion } from './aws-latency.ts';
import { putBeside } from './beside.ts';
import { addBlue, addGroups, type Blue, databaseName, type Engine, fence, seriesOf } from './blue.ts';
import { isNewer, type RehearsalOptions } from './options.ts';
import { fullScale, Pace } from './pace.ts';
import { openServers, type Wish } from './servers/open.ts';
import type { RehearsedPlane, Servers } from './servers/servers.ts';

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
  failOverInstance: 10 * second,
  failOverCluster: 10 * second,
  restoreInstance: 10 * second,
  firstBackup: 5 * second,
  snapshot: 10 * second,
  deleteDatabase: 10 * second,
  rename: 10 * second,
};

/** Name of the alarm that the bake watches. */
export const alarm = 'orders-errors';

/** A local account whose RDS has one real database, `orders`. */
export interface Stage {
  clock: ScaledClock;
  pace: Pace;
  plane: RehearsedPlane;
  /** What depends on the family of the servers. */
  servers: Servers;
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

/** Notes how to end something when the process is told to stop. */
export type Track = (dispose: () => Promise<void>) => void;

type StageOptions = Pick<
  RehearsalOptions,
  'engine' | 'from' | 'to' | 'endpoint' | 'fault' | 'keep' | 'wayBack' | 'wayBackEndpoint' | 'readRamp'
> &
  Partial<Pick<RehearsalOptions, 'awsLatency'>> &
  Wish &
  Pick<AccountOptions, 'reachesOtherHosts'>;

/**
 * Sets the stage: servers, account, an empty blue.
 * @param track gets what has to be ended when the process is told to stop, before there is a stage to dispose of
 */
export async function setStage(options: StageOptions, track: Track): Promise<Stage> {
  const clock = new ScaledClock(fullScale);
  const opening = openServers(options, {
    mode: isHeldByPooler(options) ? 'rds' : options.endpoint,
    addresses: comesByRecord(options) || options.readRamp,
    keep: options.keep,
    clock,
    ...(options.fault === 'long-transaction' && { longTransactionSeconds }),
  });
  track(async () => (await opening).plane.dispose());
  const servers = await opening;
  try {
    return await setAround(servers, options, clock);
  } catch (error) {
    await servers.plane.dispose();
    throw error;
  }
}

/** Sets the stage of a command, which tells its progress, keeps the lines of the functions, and disposes of the stage when it is told to stop. */
export async function openStage(
  options: StageOptions,
  { told, log, track }: { told: (line: string) => void; log: string[]; track: Track },
): Promise<Stage> {
  const stage = await setStage({ ...options, told }, track);
  track(() => stage.dispose());
  useLogSink((line) => {
    log.push(line);
    stage.account.keepLine(line);
  });
  return stage;
}

/** The way back begins while nobody writes, which lasts longer than the cut: the application's own pooler waits it out. */
const isHeldByPooler = ({ endpoint, wayBack }: StageOptions) => endpoint === 'pause' && wayBack;

const comesByRecord = ({ wayBackEndpoint }: StageOptions) => wayBackEndpoint === 'route53';

/** Everything of a stage that stands around its servers. */
async function setAround(servers: Servers, options: StageOptions, clock: ScaledClock): Promise<Stage> {
  const { plane, versions: offered } = servers;
  const faults: Fault[] = [];
  const account = await openAccountOf(servers, options, clock, faults);
  addGroups(account, options.engine, offered.values());
  const versions = { from: offered.get(options.from) ?? '', to: offered.get(options.to) ?? '' };
  await putHealthyAlarm(account);
  const blue = await addBlue(account, options.engine, versions.from, options.fault === 'green-fails-over');
  putBeside(account, blue);
  const { pace, leave } = await keepPace(account, options, clock, () => servers.probe(blue.database));
  const pooler = isHeldByPooler(options) ? await PausingEndpoint.open() : undefined;
  leadReaders(account, plane);
  const record = await openRecord(account, plane, blue, clock);
  const definitionSha256 = createHash('sha256').update(account.definition).digest('hex');
  let server: HttpServer | undefined;
  return {
    ...{ clock, pace, plane, servers, account, blue, pooler, record, versions, faults, definitionSha256 },
    async listen(port) {
      server = await account.listen(port);
      return server.url;
    },
    async dispose() {
      leave();
      account.close();
      await pooler?.close();
      await record?.close();
      await server?.close();
      await plane.dispose();
    },
  };
}

/** The local account of a rehearsal, without a database. */
function openAccountOf(
  { plane, versions }: Servers,
  options: StageOptions,
  clock: ScaledClock,
  faults: Fault[],
): Promise<Account> {
  return openAccount({
    ...{ clock, dataPlane: plane, faults },
    timings: {
      ...quickTimings,
      ...(options.awsLatency && { finishSwitchover: tracedCompletion * second }),
    },
    ...(options.awsLatency && { transitionMs: awsLatency.transition, lambda: { latency: awsLatency } }),
    // Databases answer in real time, which counts up to sixtyfold.
    requestTimeoutMs: 120 * second,
    functionPatience: 10,
    ...(comesByRecord(options) && { record: { zone: 'rehearsal.test', name: 'orders-db.rehearsal.test' } }),
    ...(options.readRamp && { readsRecord: { zone: 'readers.test', name: 'orders.readers.test' } }),
    engineVersions: offeredVersions(options.engine, versions),
    functionSecurityGroups: [fence, copySecurityGroup],
    reachesOtherHosts: options.reachesOtherHosts ?? false,
  });
}

/** Lets the run's time go as fast as this machine allows, state by state. @returns `leave` ends that */
async function keepPace(
  account: Account,
  options: StageOptions,
  clock: ScaledClock,
  probe: () => Promise<void>,
): Promise<{ pace: Pace; leave: () => void }> {
  const ended = new AbortController();
  const pace = new Pace(clock, probe);
  await pace.measure();
  pace.follow(ended.signal).catch(() => {});
  const isReal = options.awsLatency ? followRealTime(account) : () => false;
  account.states.on((event) => {
    const entered = event.kind === 'history' && event.event.stateEnteredEventDetails?.name;
    if (entered) pace.enter(entered, isReal(entered));
  });
  return { pace, leave: () => ended.abort() };
}

/**
 * Where time passes as it does on AWS, by the state that is entered: in the cut and while production goes back. A cold start would be as long as
 * a whole tick on a clock that goes thirty times as fast. A choice belongs to no phase, and changes nothing.
 */
function followRealTime({ states, rollBackMachineArn }: Account): (state: string) => boolean {
  let isCut = false;
  return (state) => {
    const phase = phaseOfState(state);
    if (phase !== undefined) isCut = phase === 'Cut';
    return isCut || states.listExecutions(rollBackMachineArn, 'RUNNING').length > 0;
  };
}

/** Where the jobs of the application sign in, which go round its pooler. */
export const portOfJobs = ({ record, plane, blue }: Stage): number =>
  (record ?? plane.endpoint(blue.endpoint)).port;

/** Lets readers come to blue by the weighted record of the account, where it has one, as its owner makes it. */
function leadReaders({ readsRecord, route53, rds }: Account, plane: RehearsedPlane): void {
  if (!readsRecord) return;
  const [cluster] = rds.world.clusters;
  const name = cluster ? readerEndpoint(databaseName) : instanceEndpoint(databaseName);
  route53.putRecord(readsRecord.hostedZoneId, {
    Name: readsRecord.recordName,
    Type: 'CNAME',
    SetIdentifier: sets.production,
    Weight: 100,
    TTL: 30,
    ResourceRecords: [{ Value: plane.endpoint(name).address }],
  });
}

/**
 * Lets the record of the account, where it has one, lead to blue, and opens what the application connects to. Where only readers have a record,
 * addresses are apart from each other too, and the application comes by RDS's own name of production.
 */
async function openRecord(
  { record, readsRecord, route53 }: Account,
  plane: RehearsedPlane,
  blue: Blue,
  clock: ScaledClock,
): Promise<RecordEndpoint | undefined> {
  if (!record && !readsRecord) return undefined;
  const Value = plane.endpoint(blue.endpoint).address;
  if (record)
    route53.putRecord(record.hostedZoneId, {
      Name: record.recordName,
      Type: 'CNAME',
      TTL: 60,
      ResourceRecords: [{ Value }],
    });
  return RecordEndpoint.follow({
    clock,
    ask: () =>
      record ? route53.resolve(record.hostedZoneId, record.recordName) : { value: Value, ttlSeconds: 0 },
    reach: (value) => plane.listenerAt(value),
  });
}

function offeredVersions(engine: Engine, installed: ReadonlyMap<string, string>): EngineVersion[] {
  const versions = [...new Set(installed.values())];
  return versions.map((version) => ({
    engine,
    version,
    family: `${engine}${seriesOf(engine, version)}`,
    targets: versions.filter((other) => isNewer(other, version)),
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
