import { type Done, type HookEvent, hook, type Stages } from './hook.ts';
import { setting } from './settings.ts';
import { type Run, withSide } from './sql.ts';

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Where a slot stands; undefined where there is none. */
async function readSlot(run: Run, name: string): Promise<string | undefined> {
  const [row] = await run(
    `SELECT confirmed_flush_lsn::text AS confirmed FROM pg_replication_slots WHERE slot_name = ${literal(name)}`,
  );
  return row && String(row.confirmed);
}

/**
 * Makes the slot of a consumer on new production by copying Viridian's own, which stands before the first write there. Asked again it finds the copy.
 * A slot that was copied too late would pass over rows, so that is a no.
 */
async function copySlot(event: HookEvent): Promise<Done> {
  const { consumer = '', begins } = event;
  const place = begins?.places.find(({ database }) => database === setting('DATABASE_NAME'));
  if (!place?.slot)
    throw new Error(
      `no slot stands at the beginning of new production (${begins?.because}): take a new first copy`,
    );
  const { position, slot } = place;
  const confirmed = await withSide(event, event.endpoint, async (run) => {
    if ((await readSlot(run, consumer)) === undefined)
      await run(
        `SELECT pg_copy_logical_replication_slot(${literal(slot)}, ${literal(consumer)}, false, ${literal(setting('PLUGIN'))})`,
      );
    return readSlot(run, consumer);
  });
  if (confirmed !== position)
    throw new Error(`slot ${consumer} stands at ${confirmed}, and new production began at ${position}`);
  return { because: `slot ${consumer} stands at ${position}`, facts: { position } };
}

export const stages: Stages = { handOver: copySlot };

export const handler = hook(stages);
