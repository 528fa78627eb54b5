import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import type { StateName } from '../../functions/domain/model/states.ts';
import { defaultTimings } from '../../packages/local-aws/rds/timings.ts';
import { addInstance } from '../../packages/local-aws/rds/world/seeding.ts';
import type { CallRecord } from '../../packages/local-aws/wire/endpoint.ts';
import { enteredStates } from '../../rehearsal/invariants/evidence.ts';
import { isFunctionKey } from '../../rehearsal/roles.ts';
import { kinds } from './databases.ts';
import { start } from './run.ts';
import { beginning, type Stage, setStage } from './stage.ts';

/** Runs of one account that share a maintenance window, beside somebody else who uses RDS. Times in milliseconds. */
export interface FleetPlan {
  runs: number;
  /** Between the starts of two runs. */
  every: number;
  /** From the first start to the opening of the window. */
  opensAfter: number;
  openFor: number;
  bakeMinutes: number;
  /** Calls a second of the neighbour, who asks nothing again. */
  neighbour: number;
  /** RDS takes as long as it does by default; otherwise a minute or two. */
  timings?: Partial<typeof defaultTimings>;
}

/** How calls of RDS fared. */
export interface Calls {
  asked: number;
  refused: number;
}

/** What became of a fleet. */
export interface FleetResult {
  /** The end of every run. */
  ends: (StateName | undefined)[];
  neighbour: Calls;
  ours: Calls;
  /** Switchovers that went on at the same time, at most. */
  mostAtOnce: number;
  /** From the call of the switchover until it was proved who serves, milliseconds; the longest. */
  longestCut: number;
  /** From the opening of the window until the last run had switched over, milliseconds. */
  lastCut: number;
}

/** Lets a fleet run in virtual time, with the throttle of RDS. */
export async function playFleet(plan: FleetPlan): Promise<FleetResult> {
  const { timings = defaultTimings } = plan;
  const stage = await setStage(kinds.replica, { throttling: true, directCalls: true, timings });
  try {
    const { account, clock } = stage;
    for (const quota of Object.keys(account.rds.world.quotas)) account.rds.world.quotas[quota] = 1e9;
    const ours = { asked: 0, refused: 0 };
    // Only counted: the calls of a large fleet would fill the memory.
    stage.calls.push = (...records) => {
      for (const record of records) if (isOurs(record)) count(ours, record);
      return 0;
    };
    const neighbour = beNeighbour(stage, plan.neighbour);
    const arns = await clock.run(() => startAll(stage, plan));
    await clock.run(Promise.all(arns.map((arn) => account.states.settled(arn))));
    neighbour.stop();
    const paths = arns.map((arn) => enteredStates(account.states.getExecutionHistory(arn)));
    return {
      ends: paths.map((path) => path.at(-1)?.name),
      neighbour: neighbour.calls,
      ours,
      ...measureCuts(paths.flatMap(findCut), beginning + plan.opensAfter),
    };
  } finally {
    stage.close();
  }
}

const isOurs = ({ call }: CallRecord) => call.service === 'rds' && isFunctionKey(call.accessKeyId ?? '');

function count(calls: Calls, { outcome }: CallRecord): void {
  calls.asked += 1;
  if (outcome.kind === 'refused' && outcome.error.name === 'Throttling') calls.refused += 1;
}

/** Makes a database for each run and starts them one after the other. */
async function startAll(stage: Stage, plan: FleetPlan): Promise<string[]> {
  const opensAt = beginning + plan.opensAfter;
  const request = {
    target: kinds.replica.target,
    approval: { required: false },
    bake: { minutes: plan.bakeMinutes },
    window: {
      opensAt: new Date(opensAt).toISOString(),
      closesAt: new Date(opensAt + plan.openFor).toISOString(),
    },
  };
  const arns: string[] = [];
  for (let index = 0; index < plan.runs; index += 1) {
    const database = `shop-${index}`;
    await addInstance(stage.account.rds, {
      DBInstanceIdentifier: database,
      EngineVersion: '16.10',
      MultiAZ: true,
    });
    arns.push(start(stage, { ...request, database }, database));
    await stage.clock.sleep(plan.every);
  }
  return arns;
}

/** Somebody else in the account. */
function beNeighbour({ account, clock }: Stage, perSecond: number): { calls: Calls; stop(): void } {
  const calls = { asked: 0, refused: 0 };
  let stopped = perSecond === 0;
  const client = new RDSClient({
    region: 'eu-west-1',
    maxAttempts: 1,
    requestHandler: account.endpoint.requestHandler,
    credentials: { accessKeyId: 'AKIANEIGHBOUR0000000', secretAccessKey: 'rehearsal' },
  });
  const ask = new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'bystander' });
  clock.detached(async () => {
    while (!stopped) {
      await clock.sleep(1_000 / perSecond);
      calls.asked += 1;
      await client.send(ask).catch(() => {
        calls.refused += 1;
      });
    }
  });
  return {
    calls,
    stop() {
      stopped = true;
    },
  };
}

interface Cut {
  from: number;
  to: number;
}

/** Of a run that has switched over. */
function findCut(path: { name: StateName; at: number }[]): Cut[] {
  const from = path.findLast(({ name }) => name === 'Start switchover')?.at;
  const to = path.find(({ name }) => name === 'Verify production')?.at;
  return from === undefined || to === undefined ? [] : [{ from, to }];
}

function measureCuts(cuts: Cut[], opensAt: number) {
  const atOnce = cuts.map(({ from }) => cuts.filter((other) => other.from <= from && from < other.to).length);
  return {
    mostAtOnce: Math.max(0, ...atOnce),
    longestCut: Math.max(0, ...cuts.map(({ from, to }) => to - from)),
    lastCut: Math.max(0, ...cuts.map(({ to }) => to - opensAt)),
  };
}
