import { claimGoingBack } from '../aws/going-back.ts';
import { readAddressedId } from '../aws/read-address.ts';
import { readStory } from '../aws/run-story.ts';
import { nameAddress } from '../domain/address.ts';
import { OutcomeUnknown, PreconditionFailed, RequestInvalid } from '../domain/errors.ts';
import { isRollBackInput, type Order, readOrder } from '../domain/way-back-flow-order.ts';
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
}

/**
 * Reads from its history what the run knew of its way back, and marks new production as going back by this execution. Refuses
 * when there is no way back, or when it was closed, and says so only with the proof that new production serves.
 */
export const handler = task('Read the run', async ({ input, executionArn }: Event): Promise<Record> => {
  if (!isRollBackInput(input))
    throw new RequestInvalid(
      'the input is not {"executionArn": "ARN of the run"}: correct it, then start again',
    );
  const run = input.executionArn;
  const { request, deployment } = await readUsable(run);
  const claim = await claimGoingBack(deployment, executionArn);
  if (claim.other)
    throw new OutcomeUnknown(`${claim.other} is going back already; this execution did nothing`);
  const production = await readAddressedId(request, deployment);
  const moved = production !== deployment.green?.resourceId;
  if (
    moved &&
    !(claim.begunBefore && (production === undefined || production === deployment.blue.resourceId))
  )
    throw new OutcomeUnknown(
      `${nameAddress(request, deployment.database.id)} leads to ${production ?? 'nothing'}, not to new production, and no execution has begun to go back`,
    );
  // The run closes its way back only after a look at the mark; so the mark comes first, and then another look at the run.
  return { ...(await readUsable(run)), begunBefore: claim.begunBefore, moved };
});

async function readUsable(run: string): Promise<Order> {
  const story = await readStory(run);
  const verdict = readOrder(run, story);
  if (verdict.kind === 'ready') return verdict.facts;
  const { request, deployment: { database, blue, green } = {} } = story.known;
  const proved =
    database &&
    blue &&
    green &&
    (await readAddressedId(request, { database, blue, green })) === green.resourceId;
  if (proved)
    throw new PreconditionFailed(
      `${verdict.because}; ${nameAddress(request, database.id)} leads to new production`,
    );
  throw new OutcomeUnknown(verdict.kind === 'no' ? verdict.because : 'its history could not be read');
}
