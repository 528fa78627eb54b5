/**
 * How long a run holds writes where AWS takes its time, `npm run bench:hold`. Nothing is measured of a machine: the clock is virtual, databases
 * answer at once, and what takes time is what the model says. So it shows what the workflow itself costs, which a scaled clock cannot show.
 */
import { parseArgs } from 'node:util';
import { defaultTimings } from '../packages/local-aws/rds/timings.ts';
import { measureHold } from '../rehearsal/measure.ts';
import { followStates } from '../rehearsal/progress.ts';
import { kinds } from '../test/simulation/databases.ts';
import { alarm } from '../test/simulation/faults.ts';
import { finish, requestOf, start } from '../test/simulation/run.ts';
import { setStage } from '../test/simulation/stage.ts';

/** AWS as it is modelled. Milliseconds: from traces and guides, see `docs/way-back.md`. */
const model = { transition: 50, warm: 30, cold: 600, kept: 300_000 };
/** From the swap of the names to SWITCHOVER_COMPLETED, as public traces have it, and as the local RDS does it by default. Seconds. */
const completions = [defaultTimings.finishSwitchover / 1_000, 62, 130];

const { values } = parseArgs({
  options: {
    'no-latency': { type: 'boolean', default: false },
    /** Databases are not asked before RDS says that it is done. */
    late: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '10' },
  },
});

const rows = [];
for (const seconds of completions)
  for (const hooks of [false, true]) {
    const holds: number[] = [];
    for (let seed = 1; seed <= Number(values.rounds); seed += 1) holds.push(await hold(seconds, hooks, seed));
    const median = holds.toSorted((a, b) => a - b)[holds.length >> 1] ?? 0;
    rows.push({
      endpoint: hooks ? 'hooks' : 'role gate',
      completion: `${seconds} s`,
      'held beyond the cut': `${median} ms`,
    });
  }
console.table(rows);

/** Milliseconds that writes are held after RDS has opened new production. */
async function hold(completionSeconds: number, hooks: boolean, seed: number): Promise<number> {
  const stage = await setStage(kinds.postgres, {
    seed,
    // Rounds differ by when the cut falls into a look.
    timings: {
      ...defaultTimings,
      guardrails: defaultTimings.guardrails + seed * 937,
      finishSwitchover: completionSeconds * 1_000,
    },
    ...(!values['no-latency'] && { latency: model }),
  });
  try {
    alarm('OK')(stage);
    if (values.late)
      stage.databases.instead.set('takes-writes', {
        kind: 'answer',
        facts: { because: 'not asked', changes: null },
      });
    const visits = followStates(
      stage.account.states,
      () => stage.clock.now(),
      () => {},
    );
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:viridian-hook-hold';
    stage.account.lambda.register('viridian-hook-hold', () => ({ verdict: 'pass', because: 'held' }));
    const request = requestOf(kinds.postgres, {
      wayBack: { login: {}, applicationRoles: hooks ? [] : ['app'] },
      ...(hooks && { hooks: { stopWrites: { arn }, resumeWrites: { arn } } }),
    });
    const ending = await finish(stage, start(stage, request));
    if (ending.end !== 'Green serves production') throw new Error(`the run ended in ${ending.end}`);
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
