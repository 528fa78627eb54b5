import { readRun } from '../../aws/step-functions/executions.ts';
import { type RunHistory, readRunHistory } from '../../aws/step-functions/run-history.ts';
import { isEndName } from '../../domain/model/ends.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { measure } from '../../domain/on-copy/measured.ts';
import {
  judgeRunOnCopy,
  type ProductionThen,
  type Rehearsed,
  type RunOnCopy,
} from '../../domain/on-copy/rehearsal.ts';
import { type Look, type WaitEvent, wait } from '../../tasks/wait.ts';

interface Event extends WaitEvent {
  copied: {
    /** ARN of the run on the copy. */
    run: string;
    production: ProductionThen & { resourceId: string };
    targetVersion: string | null;
  };
  /** ARN of the execution that goes back on the copy; null: none was started. */
  goingBack: string | null;
}

/** Either the run bakes and can be gone back from, or it has ended. */
type Found = { mayGoBack: true } | { rehearsed: Rehearsed } | { failed: string };

const look = 'look at the execution of the run on the copy';

/** Ready when the run on the copy bakes with a way back, and again when it has ended. Only reads. */
export const handler = wait(
  'Wait for the run on the copy',
  async ({ copied, goingBack }: Event): Promise<Look<Found>> => {
    const run = await readRun(copied.run);
    if (!run) return notYet('Step Functions does not list the run on the copy yet', look);
    const history = await readRunHistory(copied.run);
    const last = history.entered.at(-1)?.state;
    if (run.endedAt === undefined) {
      if (goingBack === null && last === 'Bake' && history.known.wayBack?.attached)
        return { kind: 'ready', facts: { mayGoBack: true } };
      return notYet(`the run on the copy is in "${last ?? 'its first state'}"`, look);
    }
    const verdict = judgeRunOnCopy(asRunOnCopy(history, run.cause, goingBack));
    if (verdict.kind !== 'ready')
      return { kind: 'ready', facts: { failed: verdict.kind === 'no' ? verdict.because : 'unknown' } };
    const back = goingBack === null ? [] : (await readRunHistory(goingBack)).entered;
    const { resourceId, ...production } = copied.production;
    const rehearsed: Rehearsed = {
      resourceId,
      at: new Date(run.endedAt).toISOString(),
      production,
      targetVersion: copied.targetVersion,
      measured: measure(history.entered, back),
    };
    return { kind: 'ready', facts: { rehearsed } };
  },
);

function asRunOnCopy(
  { entered, known }: RunHistory,
  cause: string | undefined,
  goingBack: string | null,
): RunOnCopy {
  const last = entered.at(-1)?.state;
  return {
    end: isEndName(last) ? last : undefined,
    cause,
    wentBack: goingBack !== null,
    noWayBack: known.wayBack?.because,
  };
}
