import type { ExecutionStatus } from '@aws-sdk/client-sfn';
import type { StateName } from '../../functions/domain/model/states.ts';
import { writerEndpoint } from '../../packages/local-aws/rds/world/endpoints.ts';
import { checkInvariants } from '../../rehearsal/invariants/check.ts';
import { type Evidence, enteredStates } from '../../rehearsal/invariants/evidence.ts';
import { gatherEvidence } from '../../rehearsal/invariants/gather.ts';
import type { Result } from '../../rehearsal/invariants/types.ts';
import { readWritability } from './application-writes.ts';
import type { Kind } from './databases.ts';
import type { Stage } from './stage.ts';

/** What is true at the end of a run, whatever the run says. */
export interface Ending {
  executionArn: string;
  status: ExecutionStatus | undefined;
  /** Name of the end state, or the status of an execution that has none. */
  end: string;
  /** Of an execution that failed. */
  error: string | undefined;
  /** Side that has the production name, by resource id; a clone of old blue counts as blue, as in the names of the ends. */
  serves: 'blue' | 'green' | 'nobody';
  /** Names of the states in the order in which they were entered. */
  path: StateName[];
  /** Milliseconds of virtual time. */
  took: number;
  evidence: Evidence;
  /** The invariants that do not hold. */
  broken: Result[];
}

/** The request of a plain run of a kind: no questions, no bake, old blue kept. `more` is added field by field. */
export function requestOf({ database, target }: Kind, more: Request = {}): object {
  return {
    database,
    approval: { required: false },
    bake: { minutes: 0 },
    ...more,
    target: { ...target, ...more.target },
  };
}

export interface Request {
  target?: object;
  [field: string]: unknown;
}

/** Starts a run; time passes only in {@link finish}. */
export function start(stage: Stage, request: unknown, name?: string): string {
  const { states, stateMachineArn } = stage.account;
  return states.startExecution({ stateMachineArn, name, input: JSON.stringify(request) }).executionArn;
}

/** Lets time pass until the run has ended, and reads what is true then. */
export async function finish(stage: Stage, executionArn: string): Promise<Ending> {
  await waitForEnd(stage, executionArn);
  return readEnding(stage, executionArn);
}

/** Lets time pass until the run has ended. */
export async function waitForEnd({ clock, account }: Stage, executionArn: string): Promise<void> {
  await clock.run(account.states.settled(executionArn));
}

/** Starts a run of a kind's plain request and lets it end. */
export function run(stage: Stage, more: Request = {}): Promise<Ending> {
  return finish(stage, start(stage, requestOf(stage.kind, more)));
}

/** How a run ended, and every invariant on what was recorded. */
export function readEnding(stage: Stage, executionArn: string): Ending {
  const { account, plane, baseline } = stage;
  const { status, error, startDate, stopDate } = account.states.describeExecution(executionArn);
  const path = enteredStates(account.states.getExecutionHistory(executionArn)).map(({ name }) => name);
  const end = status === 'SUCCEEDED' || status === 'FAILED' ? (path.at(-1) ?? '') : (status ?? '');
  const production = servingOf(stage);
  const evidence = gatherEvidence(account, baseline, executionArn, {
    end,
    production,
    writability: readWritability(plane.history).filter(({ resourceId }) => !isBystander(stage, resourceId)),
    rows: undefined,
    leftovers: findLeftovers(stage),
    logs: stage.logs,
  });
  return {
    executionArn,
    status,
    end,
    error,
    serves: nameServing(stage, production),
    path,
    took: (stopDate?.getTime() ?? 0) - (startDate?.getTime() ?? 0),
    evidence,
    broken: checkInvariants(evidence).filter(({ holds }) => !holds),
  };
}

/** Resource id of the database that applications reach; undefined: none. */
export const servingOf = (stage: Stage): string | undefined => stage.plane.leadsTo(addressOf(stage));

/** Name of the RDS that applications reach: that of production, or the one to which their record leads. */
function addressOf({ account: { record, route53 }, kind }: Stage): string {
  const answer = record && route53.resolve(record.hostedZoneId, record.recordName);
  if (answer) return answer.value.split('.')[0] ?? '';
  return kind.isCluster ? writerEndpoint(kind.database) : kind.database;
}

function nameServing({ account, baseline }: Stage, production: string | undefined): Ending['serves'] {
  if (production === undefined) return 'nobody';
  const clones = account.rds.journal
    .accepted('RestoreDBClusterToPointInTime')
    .flatMap(({ touched }) => touched.map(({ resourceId }) => resourceId));
  return production === baseline.blue || clones.includes(production) ? 'blue' : 'green';
}

/** What the way back has left on databases that are still there. */
function findLeftovers({ databases, account }: Stage): string[] {
  const there = account.rds.world.instances.map(({ database }) => database);
  return databases.leftovers().filter((leftover) => there.some((database) => leftover.endsWith(database)));
}

/** The bystander takes writes all the time, and has nothing to do with the run. */
function isBystander({ baseline }: Stage, resourceId: string): boolean {
  return baseline.all.has(resourceId) && !baseline.ofBlue.has(resourceId);
}
