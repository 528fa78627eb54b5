import { defaultTimings } from '../../packages/local-aws/rds/timings.ts';
import { measureHold } from '../../rehearsal/measure.ts';
import { followStates, type Visit } from '../../rehearsal/progress.ts';
import type { Hold } from '../../rehearsal/report/types.ts';
import { kinds } from '../../test/simulation/databases.ts';
import { alarm, goBackByHand, later, when } from '../../test/simulation/faults.ts';
import { finish, type Request, requestOf, start } from '../../test/simulation/run.ts';
import { minute, type Stage, type StageOptions, setStage } from '../../test/simulation/stage.ts';

export interface HoldPlan {
  completionSeconds: number;
  /** Hooks hold the application; otherwise its roles are held at the gate. */
  hooks: boolean;
  /** Rounds differ by when the cut falls into a look. */
  seed: number;
  /** Left out: transitions and calls of functions take no time. */
  latency?: StageOptions['latency'];
  /** Databases are not asked before RDS says that it is done. */
  late?: boolean;
}

/** Milliseconds of virtual time that writes are held after RDS has opened new production. */
export async function playHold(plan: HoldPlan): Promise<number> {
  const { stage, visits } = await play(plan, 'Green serves production', {});
  try {
    const held = measureHold(visits, 'blue-green-deployment');
    const released = visits.findLast(({ name }) => name === held?.to)?.exitedAt ?? Number.NaN;
    const opened = stage.plane.history.findLast(
      ({ kind, ...change }) => kind === 'writable' && 'writable' in change && change.writable,
    );
    return Math.round(released - (opened?.at ?? Number.NaN));
  } finally {
    stage.close();
  }
}

/** States in which the endpoint is led to blue: RDS renames two databases. */
const renaming = ['Swap the endpoint', 'Wait for the endpoint'];

/** Milliseconds of virtual time that going back holds writes, beside the renames. */
export async function playGoingBack(plan: HoldPlan): Promise<number> {
  const bake = { minutes: 20, alarms: ['errors'] };
  const { stage, visits } = await play(plan, 'Went back: blue serves production', { bake }, goesBack);
  stage.close();
  const states = measureHold(visits, 'roll-back')?.states ?? [];
  return sumOf(states.filter(({ name }) => !renaming.includes(name)));
}

const goesBack = when('Bake', later(2 * minute, goBackByHand));

const sumOf = (states: Hold['states']): number =>
  states.length === 0 ? Number.NaN : states.reduce((sum, { ms }) => sum + ms, 0);

async function play(
  { completionSeconds, hooks, seed, latency, late }: HoldPlan,
  end: string,
  more: Request,
  trouble: (stage: Stage) => unknown = () => {},
): Promise<{ stage: Stage; visits: Visit[] }> {
  const stage = await setStage(kinds.postgres, {
    seed,
    directCalls: true,
    timings: {
      ...defaultTimings,
      guardrails: defaultTimings.guardrails + seed * 937,
      finishSwitchover: completionSeconds * 1_000,
    },
    ...(latency && { latency }),
  });
  try {
    alarm('OK')(stage);
    trouble(stage);
    if (late)
      stage.databases.instead.set('takes-writes', {
        kind: 'answer',
        facts: { because: 'not asked', changes: null },
      });
    const visits = followStates(
      stage.account.states,
      () => stage.clock.now(),
      () => {},
    );
    const ending = await finish(
      stage,
      start(stage, requestOf(kinds.postgres, { ...more, ...holding(stage, hooks) })),
    );
    if (ending.end !== end) throw new Error(`the run ended in ${ending.end}`);
    return { stage, visits };
  } catch (failure) {
    stage.close();
    throw failure;
  }
}

/** What the request says of how the application is held. */
function holding(stage: Stage, hooks: boolean): Request {
  const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:viridian-hook-hold';
  stage.account.lambda.register('viridian-hook-hold', () => ({ verdict: 'pass', because: 'held' }));
  return {
    wayBack: { login: {}, applicationRoles: hooks ? [] : ['app'] },
    ...(hooks && { hooks: { stopWrites: { arn }, resumeWrites: { arn } } }),
  };
}
