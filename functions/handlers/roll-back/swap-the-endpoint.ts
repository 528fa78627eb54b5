import { readReadsStep } from '../../aws/facts/reads-back.ts';
import { requireMark } from '../../aws/facts/roll-back-mark.ts';
import { readNames } from '../../aws/rds/names.ts';
import { renameDatabase } from '../../aws/rds/write.ts';
import { writeReads } from '../../aws/route53/reads.ts';
import { pointRecordAddress, readRecordAddress } from '../../aws/route53/records.ts';
import { identityOf, insist, placeOf } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import { OutcomeUnknown, UnexpectedState } from '../../domain/model/errors.ts';
import { type ReadsBack, staleAfterChange } from '../../domain/read-ramp/going-back.ts';
import { setsFor } from '../../domain/read-ramp/record.ts';
import { type RecordAddress, type RecordSeen, recordAddressOf } from '../../domain/way-back/address.ts';
import { nextPointing } from '../../domain/way-back/record-step.ts';
import { type Named, type NamedDatabase, nextRename } from '../../domain/way-back/rename-step.ts';
import { clock } from '../../runtime/clock.ts';
import { task } from '../../tasks/task.ts';

/** What was done, for the look that follows. */
export interface Swapped {
  /** The name that was just given; null: none was. */
  renamed: string | null;
  /** Id of the change of Route 53 that leads the record to blue; null: none was made. */
  change: string | null;
  /** Where the readers' record was left. */
  reads: ReadsBack;
}

interface Event extends WayBackEvent, Pick<Swapped, 'reads'> {
  /** The change that this execution has made already. */
  change: string | null;
}

/** The names of both databases. Of new production comes the place that is asked, and the mark. */
type Sides = Named & { green: NamedDatabase };

/** Does the next step by which applications and readers get back to blue, or nothing while one is under way and when all are done. */
export const handler = task('Swap the endpoint', async (event: Event): Promise<Swapped> => {
  const record = recordAddressOf(event.request);
  const [sides, seen] = await Promise.all([readSides(event), record ? readRecordAddress(record) : null]);
  await requireMark(event, sides.green);
  const led = record
    ? { renamed: null, change: await pointToBlue(event, sides, record, seen) }
    : { renamed: await renameNext(event, sides), change: null };
  return { ...led, reads: await leadReadsBack(event, sides) };
});

/** Writes go back whatever becomes of the readers' record: the outcome reads it, and has the command that leads readers to blue. */
async function leadReadsBack(event: Event, sides: Sides): Promise<ReadsBack> {
  try {
    const found = await readReadsStep(event, sides);
    if (found?.step.kind === 'left-alone') return { failed: found.step.because };
    if (found?.step.kind !== 'lead') return event.reads;
    const { target, ttlSeconds } = found.step;
    await writeReads(found.record, setsFor(0, { blue: target, green: target }, ttlSeconds));
    return { staleUntil: staleAfterChange(ttlSeconds, clock.now()) };
  } catch (error) {
    return { failed: (error as Error).message };
  }
}

async function readSides({ deployment }: Event): Promise<Sides> {
  const { green, ...names } = await readNames(deployment);
  if (!green)
    throw new UnexpectedState(`new production (${deployment.green?.resourceId ?? 'unknown'}) is not there`);
  return { ...names, green };
}

async function renameNext(event: Event, sides: Sides): Promise<string | null> {
  const { database } = event.deployment;
  const step = nextRename(database.id, sides);
  if (step.kind === 'unclear') throw new OutcomeUnknown(step.because);
  if (step.kind !== 'rename') return null;
  await requireClosed(event, sides.green);
  await renameDatabase(database.kind, step.from, step.to);
  return step.to;
}

/**
 * A record that leads to blue already, by an execution that has ended or an attempt that was lost, is written once more: nothing
 * else shows when every name server answers it.
 */
async function pointToBlue(
  event: Event,
  sides: Sides,
  record: RecordAddress,
  seen: RecordSeen,
): Promise<string | null> {
  const { change } = event;
  const { recordName } = record;
  const step = nextPointing(recordName, seen, sides);
  if (step.kind === 'unclear') throw new OutcomeUnknown(step.because);
  if (step.kind === 'busy' || (step.kind === 'done' && change)) return change;
  if (change) throw new OutcomeUnknown(`somebody else has led ${recordName} back to new production`);
  await requireClosed(event, sides.green);
  return pointRecordAddress(record, step.target, step.ttlSeconds);
}

/** An execution that was killed here and is redriven may find new production opened by somebody: blue has not what it took in since. */
async function requireClosed(event: Event, green: NamedDatabase): Promise<void> {
  const { closed } = await insist('foreign-writers', {
    ...questionOf(event),
    ...placeOf(green, identityOf(event, 'green')),
  });
  const open = event.wayBack.databases.filter((name) => !closed[name]);
  if (open.length > 0)
    throw new OutcomeUnknown(
      `new production takes writes again in ${open.join(', ')}, so blue may not have everything: start going back anew`,
    );
}
