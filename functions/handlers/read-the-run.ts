import { claimGoingBack } from '../aws/going-back.ts';
import { readMark } from '../aws/going-back-mark.ts';
import { readAddressedId } from '../aws/read-address.ts';
import { readStory } from '../aws/run-story.ts';
import { nameAddress } from '../domain/address.ts';
import type { Deployment } from '../domain/deployment.ts';
import { OutcomeUnknown, PreconditionFailed, RequestInvalid } from '../domain/errors.ts';
import { targetOf } from '../domain/rollback-target.ts';
import {
  findAcceptedLoss,
  findInputProblems,
  type Order,
  type RollBackInput,
  readOrder,
  withComparison,
} from '../domain/way-back-flow-order.ts';
import type { AcceptedLoss } from '../domain/way-back-loss.ts';
import { type TaskEvent, task } from '../runtime/task.ts';

interface Event extends TaskEvent {
  input: unknown;
}

/** The record of the run, and how far an earlier execution got. */
interface Record extends Order {
  /** An earlier execution may have detached blue. */
  begunBefore: boolean;
  /** The address of production does not lead to new production any more: there is no other direction than on. */
  moved: boolean;
  /** The loss that a person accepts; null: none. */
  accepted: AcceptedLoss | null;
}

/**
 * Reads from its history what the run knew of its way back, and marks new production as going back by this execution. Refuses
 * when there is no way back, or when it was closed, and says so only with the proof that new production serves.
 */
export const handler = task('Read the run', async ({ input, executionArn }: Event): Promise<Record> => {
  const problems = findInputProblems(input);
  if (problems.length > 0) throw new RequestInvalid(problems.join('; '));
  const { executionArn: run, compare, acceptLoss } = input as RollBackInput;
  const { request, deployment } = await readUsable(run);
  const accepted = acceptLoss ? await readAcceptance({ request, deployment }, acceptLoss) : null;
  const claim = await claimGoingBack(deployment, executionArn);
  if (claim.other)
    throw new OutcomeUnknown(`${claim.other} is going back already; this execution did nothing`);
  const production = await readAddressedId(request, deployment);
  const moved = production !== deployment.green?.resourceId;
  if (
    moved &&
    !(claim.begunBefore && (production === undefined || production === targetOf(deployment).resourceId))
  )
    throw new OutcomeUnknown(
      `${nameAddress(request, deployment.database.id)} leads to ${production ?? 'nothing'}, not to new production, and no execution has begun to go back`,
    );
  // The run closes its way back only after a look at the mark; so the mark comes first, and then another look at the run.
  return {
    ...withComparison(await readUsable(run), compare),
    begunBefore: claim.begunBefore,
    moved,
    accepted,
  };
});

async function readUsable(run: string): Promise<Order> {
  const story = await readStory(run);
  const verdict = readOrder(run, story);
  if (verdict.kind === 'ready') return verdict.facts;
  return refuse(verdict.kind === 'no' ? verdict.because : 'its history could not be read', story.known);
}

/** Before anything is marked: the mark leads to the execution that has stated the loss. */
async function readAcceptance(
  order: Pick<Order, 'request' | 'deployment'>,
  { statement, by }: NonNullable<RollBackInput['acceptLoss']>,
): Promise<AcceptedLoss> {
  const last = await readMark(order.deployment);
  const known = last ? (await readStory(last)).known : {};
  const found = findAcceptedLoss(statement, [known.loss, known.accepted?.loss]);
  if ('problem' in found) return refuse(found.problem, order);
  return { by, statement, loss: found.loss };
}

/** Nothing was done. That new production serves is said with the proof only. */
async function refuse(
  because: string,
  {
    request,
    deployment: { database, blue, green, clone } = {},
  }: { request?: unknown; deployment?: Partial<Deployment> },
): Promise<never> {
  const proved =
    database &&
    blue &&
    green &&
    (await readAddressedId(request, { database, blue, green, ...(clone && { clone }) })) === green.resourceId;
  if (proved)
    throw new PreconditionFailed(`${because}; ${nameAddress(request, database.id)} leads to new production`);
  throw new OutcomeUnknown(because);
}
