import { readReadsStep } from '../../aws/facts/reads-back.ts';
import { readNames } from '../../aws/rds/names.ts';
import { orUnreadable } from '../../aws/readings.ts';
import { isInSync, readRecordAddress } from '../../aws/route53/records.ts';
import { OutcomeUnknown } from '../../domain/model/errors.ts';
import { limits } from '../../domain/model/limits.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { isRead } from '../../domain/model/reading.ts';
import { laterOf } from '../../domain/read-ramp/going-back.ts';
import { type RecordAddress, recordAddressOf } from '../../domain/way-back/address.ts';
import { nextPointing } from '../../domain/way-back/record-step.ts';
import { isRenameOpen, type Named, nextRename } from '../../domain/way-back/rename-step.ts';
import { clock } from '../../runtime/clock.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';
import type { Swapped } from './swap-the-endpoint.ts';

type Event = WaitingRunEvent & Swapped;

interface Leads {
  leadsToBlue: boolean;
  /** ISO time until which clients may hold the old DNS answer; null: none can. */
  staleUntil: string | null;
}

/** Ready when a step is through: the address leads to blue, or its name is free for blue. Readers hold that up no longer than one try. */
export const handler = wait('Wait for the endpoint', async (event: Event): Promise<Look<Leads>> => {
  const record = recordAddressOf(event.request);
  return record ? lookAtRecord(record, event) : lookAtNames(event);
});

async function lookAtNames(event: Event): Promise<Look<Leads>> {
  const { deployment, renamed } = event;
  const names = await readNames(deployment);
  if (isRenameOpen(renamed, names))
    return notYet(`nothing is called ${renamed} yet`, lookAtRds(renamed ?? 'blue'));
  const step = nextRename(deployment.database.id, names);
  if (step.kind === 'unclear') throw new OutcomeUnknown(step.because);
  if (step.kind === 'busy') return notYet(step.because, lookAtRds('both sides'));
  if (step.kind !== 'done') return { kind: 'ready', facts: { leadsToBlue: false, staleUntil: null } };
  return { kind: 'ready', facts: await withReaders(event, names, null) };
}

/**
 * Applications are led to blue. Readers whose record is still to be led there get one more step; one that has failed is not waited for.
 * @param staleUntil until when applications may hold the old DNS answer
 */
async function withReaders(event: Event, names: Named, staleUntil: string | null): Promise<Leads> {
  const { reads } = event;
  if (reads && 'failed' in reads) return { leadsToBlue: true, staleUntil };
  const found = await orUnreadable(readReadsStep(event, names));
  const isOpen = isRead(found) && found.value?.step.kind === 'lead';
  return { leadsToBlue: !isOpen, staleUntil: laterOf(staleUntil, reads?.staleUntil ?? null) };
}

const leadByHand = 'look at the record in Route 53; it may be led to blue by hand as well';

/** One invocation looks so long: nobody can write meanwhile. Route 53 takes five calls a second of a whole account. Milliseconds. */
const lookFor = 1_000 * limits.patience.endpoint;
const lookEvery = 2_000;

async function lookAtRecord(record: RecordAddress, event: Event): Promise<Look<Leads>> {
  const { deployment, change } = event;
  const { recordName } = record;
  if (!change) return notYet(`${recordName} could not be led to blue yet`, leadByHand);
  const until = clock.now() + lookFor;
  while (!(await isInSync(change))) {
    if (clock.now() + lookEvery > until)
      return notYet(`not every name server answers the change ${change} yet`, leadByHand);
    await clock.sleep(lookEvery);
  }
  const [seen, names] = await Promise.all([readRecordAddress(record), readNames(deployment)]);
  const step = nextPointing(recordName, seen, names);
  if (step.kind === 'unclear') throw new OutcomeUnknown(step.because);
  if (step.kind !== 'done') return { kind: 'ready', facts: { leadsToBlue: false, staleUntil: null } };
  // An old DNS answer may have been given just before this look.
  const staleUntil = new Date(clock.now() + step.ttlSeconds * 1_000).toISOString();
  return { kind: 'ready', facts: await withReaders(event, names, staleUntil) };
}
