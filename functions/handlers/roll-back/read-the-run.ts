import { classifyError } from '../../aws/errors.ts';
import { readHeldWrites } from '../../aws/facts/held-writes.ts';
import { readAddressedId } from '../../aws/facts/production-address.ts';
import { readMark } from '../../aws/facts/roll-back-mark.ts';
import { claimGoingBack, markBothSides, readNewestRollBack } from '../../aws/facts/roll-backs.ts';
import { verifyWith } from '../../aws/kms.ts';
import { scalingBefore } from '../../aws/put-back/scaling-before.ts';
import { readRunHistory } from '../../aws/step-functions/run-history.ts';
import { type Decision, verifyApprovals } from '../../domain/approval/decision.ts';
import {
  findNoYesNeeded,
  type GoingBackPlan,
  hashOfGoingBack,
  planGoingBack,
  windowOfGoingBack,
} from '../../domain/approval/going-back.ts';
import type { Deployment, Finding, Window } from '../../domain/model/deployment.ts';
import {
  ApprovalDenied,
  OutcomeUnknown,
  PreconditionFailed,
  RequestInvalid,
} from '../../domain/model/errors.ts';
import { machineOf } from '../../domain/model/execution-arn.ts';
import { nameAddress } from '../../domain/way-back/address.ts';
import type { AcceptedLoss, Loss } from '../../domain/way-back/loss.ts';
import {
  describeLowering,
  findAcceptedLoss,
  findInputProblems,
  findUnnamedLowering,
  type RollBackInput,
  type RunToUndo,
  readRunToUndo,
  withComparison,
} from '../../domain/way-back/roll-back-input.ts';
import { judgeRollBack } from '../../domain/way-back/roll-back-result.ts';
import { judgeStart } from '../../domain/way-back/start-budget.ts';
import { targetOf } from '../../domain/way-back/target.ts';
import { clock } from '../../runtime/clock.ts';
import { env } from '../../runtime/env.ts';
import { type TaskEvent, task } from '../../tasks/task.ts';

interface Event extends TaskEvent {
  input: unknown;
  /** "Begin to go back" only: what people were asked, whether they were, until when, and what they decided. */
  plan?: GoingBackPlan;
  asks?: boolean;
  window?: Window;
  approval?: unknown;
}

/** The run to undo, and how far an earlier execution got. */
interface Record extends RunToUndo {
  /** An earlier execution may have detached blue. */
  begunBefore: boolean;
  /** The address of production does not lead to new production any more: there is no other direction than on. */
  moved: boolean;
  /** The loss that people have accepted; null: none. */
  accepted: AcceptedLoss | null;
  /** What the outcome must tell of this start: who lowered the comparison. */
  findings: Finding[];
  /** What people are asked, until when, and whether they are. */
  plan: GoingBackPlan;
  window: Window;
  asks: boolean;
}

/**
 * Reads from its history what the run knew of its way back, and whether people must say yes; called by "Begin to go back" with their
 * answer it believes that by its seals alone, and marks new production as going back by this execution. What it refuses is
 * `PreconditionFailed` with the proof that new production serves; without it `RequestInvalid` as long as neither this execution
 * nor, as far as is known, an earlier one has begun, and `OutcomeUnknown` otherwise.
 */
export const handler = task('Read the run', async (event: Event): Promise<Record> => {
  const problems = findInputProblems(event.input);
  if (problems.length > 0) throw new RequestInvalid(problems.join('; '));
  const input = event.input as RollBackInput;
  const start = await readStart(event, input);
  if (event.window === undefined) return start;
  const deciders = start.asks ? await verifyYes(event, start) : [];
  return begin(event, input, { ...start, accepted: acceptedBy(deciders, start.plan) });
});

/** A start as it is read before anything is marked. */
async function readStart(event: Event, input: RollBackInput): Promise<Record> {
  const { executionArn, window } = event;
  const { executionArn: run, compare, acceptLoss } = input;
  const { toUndo, goesBackAs } = await readUsable(run, RequestInvalid);
  const unnamed = findUnnamedLowering(toUndo, input);
  if (unnamed) throw new RequestInvalid(unnamed);
  const last = await readMark(toUndo.deployment);
  // The last execution may be this one, in a second attempt.
  const loss = event.plan?.loss ?? (acceptLoss ? await readStatedLoss(toUndo, acceptLoss, last) : null);
  if (last === undefined) await requireUnmoved(toUndo);
  const moved = await findMoved(toUndo, last !== undefined);
  const startedByRun = goesBackAs !== undefined && goesBackAs === executionArn.split(':').at(-1);
  const takesUp = await isUnfinished(toUndo, last, executionArn);
  const asks = event.asks ?? findNoYesNeeded({ ...toUndo, startedByRun, moved, takesUp, loss }) === undefined;
  if (asks || !(startedByRun || moved || takesUp)) await requireBudget(toUndo, executionArn);
  const plan = planGoingBack(toUndo, input, loss);
  return {
    ...withComparison(toUndo, compare),
    deployment: {
      ...toUndo.deployment,
      // Once the name has moved, what is registered under it is not that of new production any more.
      ...(moved ? {} : await scalingBefore(toUndo.deployment)),
      planHash: hashOfGoingBack(plan),
    },
    begunBefore: last !== undefined,
    moved,
    accepted: null,
    findings: describeLowering(toUndo, input),
    plan,
    window: window ?? windowOfGoingBack(toUndo.request, clock.now()),
    asks,
  };
}

/** Everything again, now that people have said yes, and the mark. */
async function begin({ executionArn }: Event, input: RollBackInput, start: Record): Promise<Record> {
  const { other, begunBefore } = await claimGoingBack(start.deployment, executionArn);
  if (other) throw new RequestInvalid(`${other} is going back already; this execution did nothing`);
  const moved = await findMoved(start, begunBefore);
  // The run closes its way back only after a look at the mark; so the mark comes first, and then another look at the run.
  const { toUndo } = await readUsable(input.executionArn, OutcomeUnknown);
  await markBothSides(toUndo.deployment, input.executionArn);
  return { ...start, ...withComparison(toUndo, input.compare), begunBefore, moved };
}

/** The decisions of all groups: each sealed, for this execution, this plan and this loss. */
async function verifyYes({ executionArn, approval }: Event, start: Record): Promise<Decision[]> {
  const { request, deployment, window, plan } = start;
  const verdict = await verifyApprovals({
    executionArn,
    request: {
      ...request,
      approval: { ...request.approval, required: true },
      requestedBy: plan.requestedBy ?? undefined,
    },
    deployment,
    window,
    approval,
    statement: plan.statement,
    now: clock.now(),
    verifySeal: (text, seal) => verifyWith(env('DECISION_KEY_ID'))(text, seal),
  });
  if (verdict.kind === 'ready') return verdict.facts;
  throw new ApprovalDenied(verdict.kind === 'no' ? verdict.because : 'the approval could not be verified');
}

function acceptedBy(deciders: Decision[], { loss, statement }: GoingBackPlan): AcceptedLoss | null {
  if (!loss) return null;
  return { by: deciders.map(({ by }) => by).join(', '), statement: statement ?? '', loss };
}

/** Whether the last execution had begun and did not come to its end: it was killed, or nobody knows which side serves. */
async function isUnfinished(
  { run, deployment }: RunToUndo,
  last: string | undefined,
  executionArn: string,
): Promise<boolean> {
  if (last === undefined || last === executionArn) return false;
  const newest = await readNewestRollBack(deployment, run);
  if (!newest) return false;
  const verdict = judgeRollBack(newest.executionArn, newest);
  return verdict.kind === 'ready' && verdict.facts.side === 'unknown';
}

async function requireBudget(toUndo: RunToUndo, executionArn: string): Promise<void> {
  const now = clock.now();
  const held = await readHeldWrites(machineOf(executionArn), toUndo.run, now);
  const verdict = judgeStart(held, now);
  if (verdict.kind === 'no') await refuse(verdict.because, toUndo, RequestInvalid);
}

/** What is thrown where it is not proved that new production serves. */
type Unproved = typeof RequestInvalid | typeof OutcomeUnknown;

async function readUsable(
  run: string,
  unproved: Unproved,
): Promise<{ toUndo: RunToUndo; goesBackAs: string | undefined }> {
  const history = await readRunHistory(run).catch((error: Error) => refuseUnread(run, error, unproved));
  const verdict = readRunToUndo(run, history);
  if (verdict.kind === 'ready') return { toUndo: verdict.facts, goesBackAs: history.goesBackAs };
  const because = verdict.kind === 'no' ? verdict.because : 'its history could not be read';
  return refuse(because, history.known, unproved);
}

/** AWS has answered, and gives no history. */
function refuseUnread(run: string, error: Error, Unproved: Unproved): never {
  if (!['missing', 'denied', 'refused'].includes(classifyError(error))) throw error;
  throw new Unproved(
    `${run}: AWS does not give its history (${error.name}); it is no run of this stack, it ended more than 90 days ago, or this function lacks a permission`,
  );
}

/** @param last execution that has marked new production: it has stated the loss */
async function readStatedLoss(
  toUndo: RunToUndo,
  { statement }: NonNullable<RollBackInput['acceptLoss']>,
  last: string | undefined,
): Promise<Loss> {
  const known = last ? (await readRunHistory(last)).known : {};
  const found = findAcceptedLoss(statement, [known.loss, known.accepted?.loss]);
  if ('problem' in found) return refuse(found.problem, toUndo, last ? OutcomeUnknown : RequestInvalid);
  return found.loss;
}

/** Before the mark, which would make this execution look like one that has begun. */
async function requireUnmoved({ request, deployment }: RunToUndo): Promise<void> {
  const production = await readAddressedId(request, deployment);
  if (production !== deployment.green?.resourceId)
    throw new RequestInvalid(
      `${describeLead(request, deployment, production)}, and no execution has begun to go back`,
    );
}

/** Whether the address has left new production; only an execution that goes back may have led it away, and only to the target. */
async function findMoved({ request, deployment }: RunToUndo, begunBefore: boolean): Promise<boolean> {
  const production = await readAddressedId(request, deployment);
  if (production === deployment.green?.resourceId) return false;
  const ours = production === undefined || production === targetOf(deployment).resourceId;
  if (!begunBefore || !ours)
    throw new OutcomeUnknown(
      `${describeLead(request, deployment, production)}, and no execution that goes back has led it there`,
    );
  return true;
}

const describeLead = (request: unknown, { database }: Deployment, production: string | undefined) =>
  `${nameAddress(request, database.id)} leads to ${production ?? 'nothing'}, not to new production`;

/** Nothing was done. Only with proof the error states that new production serves. */
async function refuse(
  because: string,
  {
    request,
    deployment: { database, blue, green, clone } = {},
  }: { request?: unknown; deployment?: Partial<Deployment> },
  Unproved: Unproved,
): Promise<never> {
  const proved =
    database &&
    blue &&
    green &&
    (await readAddressedId(request, { database, blue, green, ...(clone && { clone }) })) === green.resourceId;
  if (proved)
    throw new PreconditionFailed(`${because}; ${nameAddress(request, database.id)} leads to new production`);
  throw new Unproved(because);
}
