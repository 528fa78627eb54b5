import { insist, readPlaceBeforeTheCut } from '../../databases/ask.ts';
import { type LoadEvent, runLoadTest } from '../../databases/load-test.ts';
import { signInOf } from '../../databases/question.ts';
import type { AnalyzeProgress } from '../../domain/build/analyze-plan.ts';
import { afterStep, findNoStep, hasAdvanced, type Statistics } from '../../domain/build/statistics.ts';
import type { LoadTest } from '../../domain/load-test/progress.ts';
import { limits } from '../../domain/model/limits.ts';
import { clock } from '../../runtime/clock.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

interface Event extends RunEvent {
  /** The last answer, or the value with which the machine begins. */
  statistics: Statistics;
}

/** A question begins no table after so many seconds, and gives none more than so many. */
const each = { withinSeconds: limits.step.analyze, tableSeconds: limits.sql.table };
/** So long one invocation goes on asking: few invocations keep the history short. Milliseconds. */
const patience = 1_000 * limits.patience.analyze;
/** A step that came no nearer waits for a lock: some time is given to whoever holds it. Milliseconds. */
const pause = 5_000;

/**
 * Gives green the statistics that a new major version lacks, a few tables at a time. Repeated, it goes on with the tables that
 * have none. What it cannot do stops no run: people approve what it says. The load test, for which they must be there, is the same function's: few have
 * a login, and the stack has room for few.
 */
export const handler = task(
  'Refresh the statistics of green',
  async (event: Event | LoadEvent): Promise<Statistics | LoadTest> =>
    'tests' in event ? runLoadTest(event) : refresh(event),
);

async function refresh(event: Event): Promise<Statistics> {
  const { request, deployment, executionArn } = event;
  const nothing = findNoStep(request, deployment);
  if (nothing) return nothing;
  const place = await readPlaceBeforeTheCut(deployment, 'green');
  const question = { executionArn, ...signInOf(request, deployment.database), ...place, ...each };
  const until = clock.now() + patience;
  let progress: AnalyzeProgress | null = event.statistics.progress;
  for (;;) {
    const step = await insist('analyze-step', { ...question, ...(progress && { progress }) });
    const idle = !hasAdvanced(progress, step);
    progress = step;
    if (progress.left === 0 || clock.now() >= until) return afterStep(progress);
    if (idle) await clock.sleep(pause);
  }
}
