import { classifyError } from '../../aws/errors.ts';
import { readAddressedId } from '../../aws/facts/production-address.ts';
import { readMark } from '../../aws/facts/roll-back-mark.ts';
import { claimGoingBack, markBothSides } from '../../aws/facts/roll-backs.ts';
import { readRunHistory } from '../../aws/step-functions/run-history.ts';
import type { Deployment, Finding } from '../../domain/model/deployment.ts';
import { OutcomeUnknown, PreconditionFailed, RequestInvalid } from '../../domain/model/errors.ts';
import { nameAddress } from '../../domain/way-back/address.ts';
import type { AcceptedLoss } from '../../domain/way-back/loss.ts';
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
import { targetOf } from '../../domain/way-back/target.ts';
import { type TaskEvent, task } from '../../tasks/task.ts';

interface Event extends TaskEvent {
  input: unknown;
}

/** The run to undo, and how far an earlier execution got. */
interface Record extends RunToUndo {
  /** An earlier execution may have detached blue. */
  begunBefore: boolean;
  /** The address of production does not lead to new production any more: there is no other direction than on. */
  moved: boolean;
  /** The loss that a person accepts; null: none. */
  accepted: AcceptedLoss | null;
  /** What the outcome must tell of this start: who lowered the comparison. */
  findings: Finding[];
}

/**
 * Reads from its history what the run knew of its way back, and marks new production as going back by this execution. What it refuses is
 * `PreconditionFailed` with the proof that new production serves; without it `RequestInvalid` as long as neither this execution
 * nor, as far as is known, an earlier one has begun, and `OutcomeUnknown` otherwise.
 */
export const handler = task('Read the run', async ({ input, executionArn }: Event): Promise<Record> => {
  const problems = findInputProblems(input);
  if (problems.length > 0) throw new RequestInvalid(problems.join('; '));
  const { executionArn: run, compare, acceptLoss } = input as RollBackInput;
  const toUndo = await readUsable(run, RequestInvalid);
  const unnamed = findUnnamedLowering(toUndo, input as RollBackInput);
  if (unnamed) throw new RequestInvalid(unnamed);
  const last = await readMark(toUndo.deployment);
  const accepted = acceptLoss ? await readAcceptance(toUndo, acceptLoss, last) : null;
  if (last === undefined) await requireUnmoved(toUndo);
  const { other, begunBefore } = await claimGoingBack(toUndo.deployment, executionArn);
  if (other) throw new RequestInvalid(`${other} is going back already; this execution did nothing`);
  const moved = await findMoved(toUndo, begunBefore);
  // The run closes its way back only after a look at the mark; so the mark comes first, and then another look at the run.
  const latest = await readUsable(run, OutcomeUnknown);
  await markBothSides(latest.deployment, run);
  const findings = describeLowering(latest, input as RollBackInput);
  return { ...withComparison(latest, compare), begunBefore, moved, accepted, findings };
});

/** What is thrown where it is not proved that new production serves. */
type Unproved = typeof RequestInvalid | typeof OutcomeUnknown;

async function readUsable(run: string, unproved: Unproved): Promise<RunToUndo> {
  const history = await readRunHistory(run).catch((error: Error) => refuseUnread(run, error, unproved));
  const verdict = readRunToUndo(run, history);
  if (verdict.kind === 'ready') return verdict.facts;
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
async function readAcceptance(
  toUndo: RunToUndo,
  { statement, by }: NonNullable<RollBackInput['acceptLoss']>,
  last: string | undefined,
): Promise<AcceptedLoss> {
  const known = last ? (await readRunHistory(last)).known : {};
  const found = findAcceptedLoss(statement, [known.loss, known.accepted?.loss]);
  if ('problem' in found) return refuse(found.problem, toUndo, last ? OutcomeUnknown : RequestInvalid);
  return { by, statement, loss: found.loss };
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
