import { readEndState } from '../aws/facts/end-state.ts';
import { readTaggedExecutions, readTaggedExecutionsOf } from '../aws/facts/tagged-executions.ts';
import { publish } from '../aws/sns/publish.ts';
import { type Run, readRun } from '../aws/step-functions/executions.ts';
import { type RunHistory, readRunHistory } from '../aws/step-functions/run-history.ts';
import { readStanding } from '../databases/standing.ts';
import { executionPrefix } from '../domain/model/execution-arn.ts';
import { describeStanding } from '../domain/outcome/standing.ts';
import type { Standing } from '../domain/outcome/standing-facts.ts';
import { composeStandingMessage } from '../domain/outcome/standing-message.ts';
import { timeZoneOf } from '../domain/request/time-zone.ts';
import { actAs } from '../runtime/actor.ts';
import { env } from '../runtime/env.ts';

/** A run, the executions that went back from it, and what is known of it. */
interface Owner {
  executionArn: string;
  /** The run itself; undefined when Step Functions no longer knows it. */
  run: Run | undefined;
  goingBack: Run[];
  history: RunHistory;
}

const hour = 3_600_000;

/**
 * Tells of everything that a run has left and that hurts, once at every call, which is every hour. A run or an execution that goes back
 * looks after it as long as it is open; one that succeeded has proved that nothing is left.
 * @returns the runs that were told of
 */
export async function tellWhatStands(at: number): Promise<string[]> {
  const told: string[] = [];
  for (const owner of await readOwners(await readTaggedExecutions())) {
    if (!isLeftAlone(owner, at)) continue;
    const { run, executionArn, history } = owner;
    const isOpen = run !== undefined && run.endedAt === undefined;
    const standing = (await readWhatStands(owner)).filter(
      ({ hurts, kind }) => hurts && (!isOpen || kind === 'held roles' || kind === 'closed database'),
    );
    if (standing.length === 0) continue;
    const database = history.known.deployment?.database?.id ?? '';
    const message = composeStandingMessage({
      database,
      executionArn,
      endedAt: run?.endedAt,
      standing,
      at,
      timeZone: timeZoneOf(history.known.request),
      runbook: env('RUNBOOK'),
    });
    await actAs({ function: 'reconcile', executionArn }, () =>
      publish(env('ANNOUNCEMENTS_TOPIC_ARN'), message),
    );
    told.push(executionArn);
  }
  return told;
}

/** What of ours stands on a database now, whatever it is of: the answer to `npm run what-stands`. */
export async function answerWhatStands(database: string): Promise<{ runs: StandingOfRun[] }> {
  const runs: StandingOfRun[] = [];
  for (const owner of await readOwners(await readTaggedExecutionsOf(database))) {
    const open = [owner.run, ...owner.goingBack].filter((one) => one && one.endedAt === undefined);
    runs.push({
      executionArn: owner.executionArn,
      open: open.flatMap((one) => (one ? [one.executionArn] : [])),
      standing: (await readWhatStands(owner)).map((one) => ({ ...one, ...describeStanding(one) })),
    });
  }
  return { runs };
}

export interface StandingOfRun {
  executionArn: string;
  /** The executions of it that are open: nothing is to be done by hand meanwhile. */
  open: string[];
  standing: (Standing & { text: string; command: string })[];
}

/** Nobody looks after what it has left, for an hour at least. An end that was just announced is not told of twice. */
function isLeftAlone({ run, goingBack }: Owner, at: number): boolean {
  if (goingBack.some(({ endedAt }) => endedAt === undefined)) return false;
  const failed = [...(run ? [run] : []), ...goingBack].filter(
    ({ status, endedAt }) => endedAt !== undefined && status !== 'SUCCEEDED',
  );
  return failed.length > 0 && failed.every(({ endedAt = at }) => at - endedAt >= hour);
}

async function readWhatStands({ executionArn, history: { known } }: Owner): Promise<Standing[]> {
  const deployment = known.deployment ?? {};
  const { production } = await readEndState(deployment, undefined, known.request);
  return readStanding(
    { executionArn, request: known.request, deployment, wayBack: known.wayBack },
    production,
  );
}

/** The runs to which these executions belong, the newest of each database. An execution that goes back knows more than the run: what it was given, and what it did. */
async function readOwners(executions: string[]): Promise<Owner[]> {
  const ours = [env('STATE_MACHINE_ARN'), env('ROLL_BACK_STATE_MACHINE_ARN')].map(executionPrefix);
  const owners = new Map<string, Owner>();
  for (const executionArn of executions.filter((one) => ours.some((prefix) => one.startsWith(prefix)))) {
    const execution = await readRun(executionArn);
    if (!execution) continue;
    const history = await readRunHistory(executionArn);
    const undone = history.known.run;
    const owner = undone ?? executionArn;
    const known = owners.get(owner);
    owners.set(owner, {
      executionArn: owner,
      run: undone === undefined ? execution : (known?.run ?? (await readRun(undone))),
      goingBack: [...(known?.goingBack ?? []), ...(undone === undefined ? [] : [execution])],
      history: undone === undefined ? (known?.history ?? history) : history,
    });
  }
  return newestOfEach([...owners.values()]);
}

/** A database may still carry the tag of an earlier run: what stands there now is of the newest one. */
function newestOfEach(owners: Owner[]): Owner[] {
  const newest = new Map<string | undefined, Owner>();
  const begun = ({ run }: Owner) => Date.parse(run?.startedAt ?? '') || 0;
  for (const owner of owners.toSorted((one, other) => begun(one) - begun(other)))
    newest.set(owner.history.known.deployment?.database?.arn, owner);
  return [...newest.values()];
}
