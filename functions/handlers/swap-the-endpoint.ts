import { requireMark } from '../aws/going-back-mark.ts';
import { renameDatabase } from '../aws/rds-write.ts';
import { readNames } from '../aws/read-names.ts';
import { pointRecordAddress, readRecordAddress } from '../aws/route53.ts';
import { type RecordAddress, recordAddressOf } from '../domain/address.ts';
import { OutcomeUnknown } from '../domain/errors.ts';
import { nextRename } from '../domain/way-back-flow-endpoint.ts';
import { nextPointing } from '../domain/way-back-flow-record.ts';
import { insist, readPlace } from '../runtime/database.ts';
import { task } from '../runtime/task.ts';
import { questionOf, type WayBackEvent } from '../runtime/way-back-event.ts';

/** What was done, for the look that follows. */
export interface Swapped {
  /** The name that was just given; null: none was. */
  renamed: string | null;
  /** Id of the change of Route 53 that leads the record to blue; null: none was made. */
  change: string | null;
}

interface Event extends WayBackEvent {
  /** The change that this execution has made already. */
  change: string | null;
}

/** Does the next step by which applications get back to blue, or nothing while one is under way and when all are done. */
export const handler = task('Swap the endpoint', async (event: Event): Promise<Swapped> => {
  await requireMark(event);
  const record = recordAddressOf(event.request);
  return record
    ? { renamed: null, change: await pointToBlue(record, event) }
    : { renamed: await renameNext(event), change: null };
});

async function renameNext(event: Event): Promise<string | null> {
  const { deployment } = event;
  const step = nextRename(deployment.database.id, await readNames(deployment));
  if (step.kind === 'unclear') throw new OutcomeUnknown(step.because);
  if (step.kind !== 'rename') return null;
  await requireClosed(event);
  await renameDatabase(deployment.database.kind, step.from, step.to);
  return step.to;
}

/**
 * A record that leads to blue already, by an execution that has ended or an attempt that was lost, is written once more: nothing
 * else tells when every name server answers it.
 */
async function pointToBlue(record: RecordAddress, event: Event): Promise<string | null> {
  const { deployment, change } = event;
  const { recordName } = record;
  const [seen, names] = await Promise.all([readRecordAddress(record), readNames(deployment)]);
  const step = nextPointing(recordName, seen, names);
  if (step.kind === 'unclear') throw new OutcomeUnknown(step.because);
  if (step.kind === 'busy' || (step.kind === 'done' && change)) return change;
  if (change) throw new OutcomeUnknown(`somebody else has led ${recordName} back to new production`);
  await requireClosed(event);
  return pointRecordAddress(record, step.target, step.ttlSeconds);
}

/** An execution that was killed here and is redriven may find new production opened by somebody: blue has not what it took in since. */
async function requireClosed(event: Event): Promise<void> {
  const { readOnly } = await insist('foreign-writers', {
    ...questionOf(event),
    ...(await readPlace(event.deployment, 'green')),
  });
  const open = event.wayBack.databases.filter((name) => !readOnly[name]);
  if (open.length > 0)
    throw new OutcomeUnknown(
      `new production takes writes again in ${open.join(', ')}, so blue may not have everything: start going back anew`,
    );
}
