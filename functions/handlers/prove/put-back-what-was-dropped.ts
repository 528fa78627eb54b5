import { classifyError } from '../../aws/errors.ts';
import { readKept } from '../../aws/put-back/kinds.ts';
import { make } from '../../aws/put-back/make.ts';
import type { Sides } from '../../aws/put-back/sides.ts';
import { readRecord } from '../../aws/rds/deployment.ts';
import { type RawSide, readSideAgain } from '../../aws/rds/side.ts';
import type { Kept, ToMake } from '../../domain/close/put-back.ts';
import type { Deployment, Serving, Side } from '../../domain/model/deployment.ts';
import { Busy, UnexpectedState } from '../../domain/model/errors.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { deploymentPhase } from '../../domain/model/phase.ts';
import { targetOf } from '../../domain/way-back/target.ts';
import { clock } from '../../runtime/clock.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

interface PutBackEvent extends RunEvent {
  serving: Serving;
  /** When the state was entered, as ISO time: its retries count from there. */
  since: string;
}

/** Every try of the state is over after 9 minutes (`rdsBusy`), and with the last one its list is lost. Milliseconds. */
const slowAfter = 5 * 60_000;

/**
 * Gives the side that serves what the former production has and a deployment does not copy, and reads that it has it, and that proxies lead
 * there. A proxy that needs long is told instead. Both are read anew by their resource ids, so whatever an earlier try has put back is there already. What AWS refuses is reported and ends nothing.
 */
export const handler = task(
  'Put back what was dropped',
  async ({ deployment, serving, since }: PutBackEvent): Promise<Deployment> => {
    const isOver = await isSwitchedOver(deployment);
    const refused = await putAll(await look(deployment, serving, isOver));
    const isSlow = clock.now() - Date.parse(since) >= slowAfter;
    const kept = (await look(deployment, serving, isOver)).map((one) => (isSlow ? asLacking(one) : one));
    const open = kept.filter((one) => one.state === 'coming' || (isToPut(one) && !refused.has(one.what)));
    if (open.length > 0)
      throw new Busy(
        notYet(
          `RDS has not put back yet: ${open.map(({ what }) => what).join('; ')}`,
          lookAtRds('new production'),
        ),
      );
    return {
      ...deployment,
      putBack: {
        side: serving.side,
        present: kept.filter(({ state }) => state === 'present').map(({ what }) => what),
        lacking: kept.flatMap((one) =>
          one.state === 'lacking' ? [tell(one, refused.get(one.what) ?? one.because)] : [],
        ),
      },
    };
  },
);

/** A thing that may never come is left to a person. */
const asLacking = (one: Kept): Kept =>
  one.state === 'coming' && one.slow !== undefined
    ? { what: one.what, state: 'lacking', because: one.slow }
    : one;

const tell = ({ what, commands }: Extract<Kept, { state: 'lacking' }>, because: string) => ({
  what,
  because,
  ...(commands && { commands }),
});

/** RDS lets new production write before it is done. A record that is gone is over, too. */
async function isSwitchedOver({ id }: Deployment): Promise<boolean> {
  const record = id === undefined ? undefined : await readRecord(id);
  return deploymentPhase(record?.status) !== 'switching';
}

type ToPut = Extract<Kept, { state: 'lacking' }> & { put: ToMake };

const isToPut = (one: Kept): one is ToPut => one.state === 'lacking' && one.put !== undefined;

/** @returns what AWS refused, with its reason. A busy or lost answer is thrown: the next try reads what became of it. */
async function putAll(kept: Kept[]): Promise<Map<string, string>> {
  const refused = new Map<string, string>();
  for (const { what, put } of kept.filter(isToPut)) {
    try {
      await make(put);
    } catch (error) {
      if (!['denied', 'missing', 'refused'].includes(classifyError(error))) throw error;
      refused.set(what, (error as Error).message);
    }
  }
  return refused;
}

async function look(
  { database, scaling, ...sides }: Deployment,
  { side }: Serving,
  isOver: boolean,
): Promise<Kept[]> {
  const [former, serving] = side === 'green' ? [sides.blue, sides.green] : [sides.green, targetOf(sides)];
  const read = async (known: Side | undefined): Promise<RawSide> => {
    const raw = known && (await readSideAgain(database.kind, known));
    if (!raw) throw new UnexpectedState(`${known?.id ?? 'a side'} (${known?.resourceId}) is not there`);
    return raw;
  };
  const [formerNow, servingNow] = await Promise.all([read(former), read(serving)]);
  const compared: Sides = {
    former: formerNow,
    serving: servingNow,
    production: database.id,
    scaling,
    isOver,
  };
  return readKept(compared);
}
