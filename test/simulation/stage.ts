import { useLogSink } from '../../functions/runtime/log.ts';
import type { ControlPlaneOptions } from '../../packages/local-aws/rds/control-plane.ts';
import type { Fault } from '../../packages/local-aws/rds/faults.ts';
import { SimulatedDataPlane } from '../../packages/local-aws/rds/simulated-data-plane.ts';
import { writerEndpoint } from '../../packages/local-aws/rds/world/endpoints.ts';
import { addInstance } from '../../packages/local-aws/rds/world/seeding.ts';
import type {
  Invocation,
  LambdaFault,
  LambdaHandler,
  LambdaLatency,
} from '../../packages/local-aws/services/lambda.ts';
import { VirtualClock } from '../../packages/local-aws/virtual-clock.ts';
import type { CallRecord, Fault as WireFault } from '../../packages/local-aws/wire/endpoint.ts';
import { copySecurityGroup } from '../../rehearsal/account/place.ts';
import { type Account, openAccount } from '../../rehearsal/account.ts';
import { type Baseline, takeBaseline } from '../../rehearsal/invariants/gather.ts';
import { FakeDatabases } from '../way-back/fakes/databases.ts';
import { fence, innerFence, type Kind } from './databases.ts';
import { callsAreDirect } from './lane.ts';
import { quick, seeded } from './pace.ts';
import { leadReaders, readerEndpointOf, readsRecord } from './readers-record.ts';

export const minute = 60_000;
export const hour = 60 * minute;

/** When every simulation begins: a Saturday, noon in UTC. */
export const beginning = Date.UTC(2026, 10, 21, 12);

type Call = CallRecord['call'];

/** One call that a function made, and how often that function was tried. */
export interface Attempt {
  /** Key of the function, for example `createGreen`. */
  key: string;
  payload: unknown;
}

/**
 * The whole local account in virtual time, with one database of a kind and a bystander, the unchanged state machine and
 * the unchanged functions. Trouble is made by adding to its lists, before a run or while it goes on.
 */
export interface Stage {
  kind: Kind;
  clock: VirtualClock;
  plane: SimulatedDataPlane;
  /** Answers for the functions that speak SQL. */
  databases: FakeDatabases;
  account: Account;
  baseline: Baseline;
  random: () => number;
  /** Script of the local RDS. */
  faults: Fault[];
  /** Asked for every AWS call; the first that answers decides. */
  wireRules: ((call: Call, input: unknown) => WireFault | undefined)[];
  /** Asked for every invocation, with the key of the function; the first that answers decides. */
  functionRules: ((attempt: Attempt) => LambdaFault | undefined)[];
  /** The same for the calls that only start a function, which those rules do not hear of: nothing is done there. */
  warmingRules: ((attempt: Attempt) => LambdaFault | undefined)[];
  calls: CallRecord[];
  /** Told of every invocation that has ended. */
  onInvoked: ((invocation: Invocation) => void)[];
  logs: string[];
  close(): void;
}

export type StageOptions = Pick<ControlPlaneOptions, 'timings' | 'throttling' | 'staleReads'> & {
  seed?: number;
  /** What transitions and calls of functions take; by default nothing. */
  latency?: LambdaLatency & { transition: number };
  /** Whether calls are handed over instead of written, signed and parsed; by default so for nine runs in ten. */
  directCalls?: boolean;
};

/** Sets clock, clients, environment and log of this process: there is one stage at a time. */
export async function setStage(
  kind: Kind,
  { seed = 1, directCalls = callsAreDirect(), latency, ...options }: StageOptions = {},
): Promise<Stage> {
  const clock = new VirtualClock(beginning);
  const plane = new SimulatedDataPlane(clock);
  const random = seeded(seed);
  const lists: Pick<
    Stage,
    'faults' | 'wireRules' | 'functionRules' | 'warmingRules' | 'onInvoked' | 'calls' | 'logs'
  > = {
    faults: [],
    wireRules: [],
    functionRules: [],
    warmingRules: [],
    onInvoked: [],
    calls: [],
    logs: [],
  };
  const account = await openAccount({
    directCalls,
    timings: quick,
    ...options,
    clock,
    dataPlane: plane,
    random,
    faults: lists.faults,
    ...(kind.record && { record: kind.record }),
    readsRecord,
    closedSecurityGroups: [fence],
    functionSecurityGroups: [innerFence, copySecurityGroup],
    onCall: (record) => lists.calls.push(record),
    intercept: (call, input) => first(lists.wireRules, (rule) => rule(call, input)),
    ...(latency && { transitionMs: latency.transition }),
    lambda: {
      ...(latency && { latency }),
      intercept: (name, payload) => {
        const attempt = { key: name.replace(prefix, ''), payload };
        return first(warms(payload) ? lists.warmingRules : lists.functionRules, (rule) => rule(attempt));
      },
      onInvoke: (invocation) => {
        for (const told of lists.onInvoked) told(invocation);
      },
    },
  });
  useLogSink((line) => {
    lists.logs.push(line);
    account.keepLine(line);
  });
  await clock.run(async () => {
    await kind.build(account.rds);
    await addInstance(account.rds, { DBInstanceIdentifier: 'bystander', EngineVersion: '17.10' });
  });
  const name = kind.isCluster ? writerEndpoint(kind.database) : kind.database;
  leadRecord(account, plane.endpoint(name).address);
  const replica = account.rds.world.instances.find((one) => one.ReadReplicaSourceDBInstanceIdentifier);
  const readers = readerEndpointOf(kind, replica?.DBInstanceIdentifier);
  leadReaders(account, plane.endpoint(readers).address);
  const close = () => {
    account.close();
    useLogSink(undefined);
  };
  const databases = new FakeDatabases(plane);
  databases.registerIn(account.lambda);
  const baseline = takeBaseline(account, kind.database);
  return { kind, clock, plane, databases, account, baseline, random, ...lists, close };
}

/** Lets the record of the kind, where it has one, lead to blue. */
function leadRecord({ record, route53 }: Account, Value: string): void {
  if (!record) return;
  const set = { Name: record.recordName, Type: 'CNAME' as const, TTL: 60, ResourceRecords: [{ Value }] };
  route53.putRecord(record.hostedZoneId, set);
}

/** Whether a call only starts a function. */
export const warms = (payload: unknown): boolean =>
  (payload as { warm?: boolean } | undefined)?.warm === true;

const prefix = 'viridian-rehearsal-';

/** Name of one of our functions in the local account. */
export const functionNameOf = (key: string): string => `${prefix}${key}`;

/** Registers a function of the user, whose name begins as hooks do. */
export function registerHook({ account }: Stage, name: string, handler: LambdaHandler): void {
  account.lambda.register(`viridian-hook-${name}`, handler, { timeoutSeconds: 900 });
}

/** ARN under which a request names a hook. */
export const hookArn = (name: string): string =>
  `arn:aws:lambda:eu-west-1:111122223333:function:viridian-hook-${name}`;

/** How often an operation reached the wire, from any caller. */
export function countCalls({ calls }: Stage, operation: string): number {
  return calls.filter(({ call }) => call.operation === operation).length;
}

/** How often RDS accepted a changing call. */
export function countAccepted({ account }: Stage, operation: string): number {
  return account.rds.journal.accepted(operation).length;
}

function first<Rule, Answer>(rules: Rule[], ask: (rule: Rule) => Answer | undefined): Answer | undefined {
  for (const rule of rules) {
    const answer = ask(rule);
    if (answer !== undefined) return answer;
  }
  return undefined;
}
