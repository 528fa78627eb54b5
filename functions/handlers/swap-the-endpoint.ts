import { renameDatabase } from '../aws/rds-write.ts';
import { readNames } from '../aws/read-names.ts';
import { pointRecordAddress, readRecordAddress } from '../aws/route53.ts';
import { type RecordAddress, recordAddressOf } from '../domain/address.ts';
import type { Deployment } from '../domain/deployment.ts';
import { OutcomeUnknown } from '../domain/errors.ts';
import { nextRename } from '../domain/way-back-flow-endpoint.ts';
import { nextPointing } from '../domain/way-back-flow-record.ts';
import type { RunEvent } from '../runtime/run-event.ts';
import { task } from '../runtime/task.ts';

/** What was done, for the look that follows. */
export interface Swapped {
  /** The name that was just given; null: none was. */
  renamed: string | null;
  /** Id of the change of Route 53 that leads the record to blue; null: none was made. */
  change: string | null;
}

interface Event extends RunEvent {
  /** The change that this execution has made already. */
  change: string | null;
}

/** Does the next step by which applications get back to blue, or nothing while one is under way and when all are done. */
export const handler = task(
  'Swap the endpoint',
  async ({ request, deployment, change }: Event): Promise<Swapped> => {
    const record = recordAddressOf(request);
    return record
      ? { renamed: null, change: await pointToBlue(record, deployment, change) }
      : { renamed: await renameNext(deployment), change: null };
  },
);

async function renameNext(deployment: Deployment): Promise<string | null> {
  const step = nextRename(deployment.database.id, await readNames(deployment));
  if (step.kind === 'unclear') throw new OutcomeUnknown(step.because);
  if (step.kind !== 'rename') return null;
  await renameDatabase(deployment.database.kind, step.from, step.to);
  return step.to;
}

/**
 * A record that leads to blue already, by an execution that has ended or an attempt that was lost, is written once more: nothing
 * else tells when every name server answers it.
 */
async function pointToBlue(
  record: RecordAddress,
  deployment: Deployment,
  change: string | null,
): Promise<string | null> {
  const { recordName } = record;
  const [seen, names] = await Promise.all([readRecordAddress(record), readNames(deployment)]);
  const step = nextPointing(recordName, seen, names);
  if (step.kind === 'unclear') throw new OutcomeUnknown(step.because);
  if (step.kind === 'busy' || (step.kind === 'done' && change)) return change;
  if (change) throw new OutcomeUnknown(`somebody else has led ${recordName} back to new production`);
  return pointRecordAddress(record, step.target, step.ttlSeconds);
}
