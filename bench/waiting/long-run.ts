import type { GetMetricDataInput } from '@aws-sdk/client-cloudwatch';
import { defaultTimings } from '../../packages/local-aws/rds/timings.ts';
import type { CallRecord } from '../../packages/local-aws/wire/endpoint.ts';
import { isFunctionKey } from '../../rehearsal/roles.ts';
import { kinds } from '../../test/simulation/databases.ts';
import { alarm } from '../../test/simulation/faults.ts';
import { person } from '../../test/simulation/person.ts';
import { type Request, requestOf, start, waitForEnd } from '../../test/simulation/run.ts';
import { beginning, hour, type Stage, setStage } from '../../test/simulation/stage.ts';
import { type Cost, priceOf, type Usage } from './prices.ts';

/** A run that waits long. Hours. */
export interface LongPlan {
  build: number;
  /** Until a person approves. */
  approval: number;
  /** From its start until its window opens; without one it is switched over when it is approved. */
  window?: number;
  bake: number;
  wayBack: boolean;
}

/** What such a run used. */
export interface LongRun {
  hours: number;
  events: number;
  cost: Cost;
  usage: Usage;
  /** Calls of RDS by functions, by the hour of the run. */
  rdsCalls: Map<string, number>[];
}

/** Everything of a build but the copy, as the local RDS does it by default. */
const besideTheCopy = ['provisioningStart', 'upgradeEngine', 'configureBackups', 'settleMembers'] as const;

/** Plays it in virtual time, on one instance whose alarm and metrics are fine. */
export async function playLongRun(plan: LongPlan): Promise<LongRun> {
  const rest = besideTheCopy.reduce((sum, name) => sum + defaultTimings[name], 0);
  const timings = { ...defaultTimings, createReplica: plan.build * hour - rest };
  const stage = await setStage(kinds.postgres, { directCalls: true, timings });
  try {
    const counted = count(stage);
    alarm('OK')(stage);
    person({ answer: 'approve', after: plan.approval * hour, matter: 'switchover' })(stage);
    const arn = start(stage, requestOf(kinds.postgres, ask(plan)));
    await waitForEnd(stage, arn);
    const { status } = stage.account.states.describeExecution(arn);
    if (status !== 'SUCCEEDED') throw new Error(`the run ${status}`);
    const history = stage.account.states.getExecutionHistory(arn);
    const transitions = history.filter(({ type }) => type?.endsWith('StateEntered')).length;
    const logBytes = stage.logs.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
    const usage = { ...counted.usage, transitions, logBytes };
    return {
      hours: (stage.clock.now() - beginning) / hour,
      events: history.length,
      cost: priceOf(usage),
      usage,
      rdsCalls: counted.rdsCalls,
    };
  } finally {
    stage.close();
  }
}

function ask({ approval, window, bake, wayBack }: LongPlan): Request {
  return {
    approval: { required: true, withinHours: approval + 12 },
    bake: { minutes: 60 * bake, alarms: ['errors'] },
    wayBack: wayBack ? { login: {}, applicationRoles: ['app'] } : { enabled: false },
    ...(window !== undefined && {
      window: {
        opensAt: new Date(beginning + window * hour).toISOString(),
        closesAt: new Date(beginning + (window + 4) * hour).toISOString(),
      },
    }),
  };
}

/** Counts what functions do from now on; calls are not kept, since a long run makes many. */
function count(stage: Stage): {
  usage: Pick<Usage, 'invocations' | 'calls' | 'metrics'>;
  rdsCalls: LongRun['rdsCalls'];
} {
  const usage = { invocations: 0, calls: 0, metrics: 0 };
  const rdsCalls: LongRun['rdsCalls'] = [];
  stage.onInvoked.push(() => {
    usage.invocations += 1;
  });
  stage.calls.push = (...records: CallRecord[]) => {
    for (const { call, input } of records) {
      if (!isFunctionKey(call.accessKeyId ?? '')) continue;
      usage.calls += 1;
      if (call.operation === 'GetMetricData')
        usage.metrics += (input as GetMetricDataInput).MetricDataQueries?.length ?? 0;
      if (call.service !== 'rds') continue;
      const index = Math.floor((stage.clock.now() - beginning) / hour);
      const ofTheHour = rdsCalls[index] ?? new Map<string, number>();
      rdsCalls[index] = ofTheHour;
      const name = `${call.accessKeyId} ${call.operation}`;
      ofTheHour.set(name, (ofTheHour.get(name) ?? 0) + 1);
    }
    return 0;
  };
  return { usage, rdsCalls };
}
