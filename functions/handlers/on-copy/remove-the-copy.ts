import {
  deleteCopies,
  deleteDeploymentOf,
  readCopiesOf,
  readDeploymentsOf,
} from '../../aws/rds/remove-copies.ts';
import { readRun, stopExecution } from '../../aws/step-functions/executions.ts';
import { parseObject } from '../../aws/step-functions/history-payload.ts';
import { explainLate } from '../../aws/step-functions/last-look.ts';
import type { RehearsalEnd } from '../../domain/model/ends.ts';
import { RequestInvalid } from '../../domain/model/errors.ts';
import { executionPrefix } from '../../domain/model/execution-arn.ts';
import { type Failure, isError } from '../../domain/model/failure.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { paces, tickSeconds } from '../../domain/model/tick.ts';
import { namesOfExecutions } from '../../domain/on-copy/copy.ts';
import type { KeptCopy, TaggedCopy } from '../../domain/on-copy/left.ts';
import { findLoad, type Load, type LoadSaid } from '../../domain/on-copy/load.ts';
import { composeRehearsal } from '../../domain/on-copy/outcome.ts';
import type { Rehearsed } from '../../domain/on-copy/rehearsal.ts';
import type { Outcome } from '../../domain/outcome/outcome.ts';
import { clock } from '../../runtime/clock.ts';
import { env } from '../../runtime/env.ts';
import { type Look, type WaitEvent, wait } from '../../tasks/wait.ts';

interface Event extends WaitEvent {
  /** The input: `{ removeCopyOf }` of a clean-up, or the request of the rehearsal. */
  request: { removeCopyOf?: unknown; database?: unknown } | null;
  rehearsed: Rehearsed | null;
  failure: Failure | null;
  /** The load that this rehearsal began, or null. */
  load: Load | null;
  /** What its hook said when it was stopped; null: it was not stopped yet. */
  loadSaid: LoadSaid | null;
  end: RehearsalEnd;
  /** ISO times. */
  waitingSince: string;
  deadline: string;
}

/** How far the removal has come. */
interface Removal {
  rehearsal: string;
  /** What is still waited for; null: nothing of the rehearsal is left. */
  because: string | null;
  copies: TaggedCopy[];
  kept: KeptCopy[];
}

const remedy = 'delete in the console of RDS what carries the tag viridian:copy';

/**
 * Deletes everything that a rehearsal has made, a step at a look, and is ready when nothing is left but what a person has made theirs. It can be begun
 * anywhere and again, and for a rehearsal that was itself stopped. A load on the copy is to be stopped first: it is ready then, too. The last look names what is still there, and why.
 */
export const handler = wait(
  'Remove the copy',
  async (event: Event): Promise<Look<Outcome | { stopLoad: Load }>> => {
    const { executionArn, request, rehearsed } = event;
    const isLast = isLastOf(event);
    const load = isLast ? null : await findLoadToStop(event);
    if (load) return { kind: 'ready', facts: { stopLoad: load } };
    const removal = await remove(event).catch((error: Error) => {
      if (!isLast) throw error;
      return nameLeft(event, error.message);
    });
    if (removal.because !== null && !isLast) return notYet(removal.because, remedy);
    const { rehearsal, kept, because, copies } = removal;
    return {
      kind: 'ready',
      facts: composeRehearsal({
        executionArn,
        rehearsal,
        database: typeof request?.database === 'string' ? request.database : null,
        end: because === null ? event.end : 'Rehearsal left a copy: production was not touched',
        rehearsed,
        failure: await explainFailure(event),
        loadSaid: event.loadSaid,
        kept,
        left: because === null ? null : { because, copies },
        runbook: env('RUNBOOK'),
      }),
    };
  },
);

/** No other look comes before the deadline. The machine counts from a moment before this look: one tick may be left unused. */
function isLastOf({ waitingSince, deadline }: Event): boolean {
  const now = clock.now();
  const end = Date.parse(deadline);
  const tick = tickSeconds(now, { since: Date.parse(waitingSince), deadline: end }, paces.catchUp);
  return now + tick * 1_000 >= end;
}

/** The load that is to be stopped before anything is deleted. A clean-up, which has not begun it, reads the input of the rehearsal. */
async function findLoadToStop({ executionArn, request, load, loadSaid }: Event): Promise<Load | null> {
  if (loadSaid || load || request?.removeCopyOf === undefined) return loadSaid ? null : load;
  const rehearsal = await findRehearsal(executionArn, request.removeCopyOf);
  return findLoad(parseObject((await readRun(rehearsal))?.input), rehearsal);
}

/** One step: first what runs on the copy is stopped, then the deployment goes, then the databases. */
async function remove({ executionArn, request }: Event): Promise<Removal> {
  const rehearsal = await findRehearsal(executionArn, request?.removeCopyOf);
  const { run, goingBack } = namesOfExecutions(rehearsal);
  const runArn = `${executionPrefix(env('STATE_MACHINE_ARN'))}${run}`;
  const running = [
    await stopIfOpen(runArn),
    await stopIfOpen(`${executionPrefix(env('ROLL_BACK_STATE_MACHINE_ARN'))}${goingBack}`),
  ];
  const { toDelete: copies, kept } = await readCopiesOf(rehearsal);
  const found = { rehearsal, copies, kept };
  if (running.some((one) => one)) return { ...found, because: 'what ran on the copy was stopped just now' };
  const [deployment] = await readDeploymentsOf(runArn);
  if (deployment) {
    const busy = await deleteDeploymentOf(deployment);
    return { ...found, because: busy ?? `the deployment ${deployment.id} is being deleted` };
  }
  await deleteCopies(copies);
  const because =
    copies.length === 0 ? null : `${copies.map(({ name }) => name).join(', ')} are being deleted`;
  return { ...found, because };
}

/** What is left at the end of all trying, as far as it can be read. */
async function nameLeft({ executionArn, request }: Event, because: string): Promise<Removal> {
  const asked = typeof request?.removeCopyOf === 'string' ? request.removeCopyOf : executionArn;
  const rehearsal = await findRehearsal(executionArn, request?.removeCopyOf).catch(() => asked);
  const { toDelete, kept } = await readCopiesOf(rehearsal).catch(() => ({ toDelete: [], kept: [] }));
  return { rehearsal, because, copies: toDelete, kept };
}

/** A wait that came to its deadline is told with what it saw last. */
async function explainFailure({ failure, executionArn }: Event): Promise<Failure | null> {
  if (!failure) return null;
  const late = isError(failure.error, 'BlueGreen.NotReadyInTime') ? failure.state : undefined;
  return { ...failure, cause: await explainLate(executionArn, late, failure.cause) };
}

/** A clean-up that failed is followed by another one: so many are gone back from to the rehearsal itself. Four a day. */
const longestChain = 40;

/** The rehearsal whose copy is removed: this one, or an earlier one that has ended. An earlier clean-up stands for the rehearsal that it was to clean up. */
async function findRehearsal(executionArn: string, asked: unknown, links = longestChain): Promise<string> {
  if (asked === undefined) return executionArn;
  if (typeof asked !== 'string' || !asked.startsWith(executionPrefix(env('REHEARSAL_STATE_MACHINE_ARN'))))
    throw new RequestInvalid('removeCopyOf: is not the ARN of a rehearsal of this stack');
  if (links === 0)
    throw new RequestInvalid(
      `removeCopyOf: names the last of ${longestChain} clean-ups; name the rehearsal itself`,
    );
  const earlier = await readRun(asked);
  if (earlier && earlier.endedAt === undefined && asked !== executionArn)
    throw new RequestInvalid('removeCopyOf: that rehearsal is open, and removes its copy itself');
  const before = parseObject(earlier?.input)?.removeCopyOf;
  return before === undefined || before === asked ? asked : findRehearsal(executionArn, before, links - 1);
}

/** @returns whether it was open */
async function stopIfOpen(executionArn: string): Promise<boolean> {
  const run = await readRun(executionArn);
  if (!run || run.endedAt !== undefined) return false;
  await stopExecution(executionArn, 'its rehearsal removes the copy');
  return true;
}
