import { readServing } from '../../aws/facts/serving.ts';
import { asSide, readSideAgain } from '../../aws/rds/side.ts';
import { findServingSide, type KnownSides, type SideReading } from '../../domain/cut/production-side.ts';
import type { Deployment, Serving, Side } from '../../domain/model/deployment.ts';
import { limits } from '../../domain/model/limits.ts';
import { isRead } from '../../domain/model/reading.ts';
import { clock } from '../../runtime/clock.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

/** Two readings prove a side when this lies between them. Milliseconds. */
const pause = 2_000;
/** So long an unclear answer is asked again. Milliseconds. */
const patience = 1_000 * limits.patience.production;

/**
 * Finds out by resource id which side serves production. Unknown is an answer, given when the readings stay unclear: nothing
 * that is read, or cannot be read, is an error here.
 */
export const handler = task('Find production side', async ({ deployment }: RunEvent): Promise<Serving> => {
  const until = clock.now() + patience;
  let earlier: SideReading | undefined;
  for (;;) {
    const reading = await readServing(deployment);
    const serving = earlier && (await judge(deployment, [earlier, reading]));
    if (serving && (serving.side !== 'unknown' || clock.now() + pause > until)) return serving;
    earlier = reading;
    await clock.sleep(pause);
  }
});

async function judge(deployment: Deployment, readings: SideReading[]): Promise<Serving> {
  const { blue, green } = deployment;
  if (!green) return { side: 'unknown', because: 'the run does not know what green is' };
  const verdict = findServingSide({ blue: identify(blue), green: identify(green) }, readings);
  if (verdict.side !== 'green') return verdict;
  const production = await readSideAgain(deployment.database.kind, green).catch(() => undefined);
  if (!production)
    return { side: 'unknown', because: `${verdict.because}, but green could not be read by its resource id` };
  const oldBlue = await readSideAgain(deployment.database.kind, blue).catch(() => undefined);
  const now = { blue: oldBlue ? asSide(oldBlue) : blue, green: asSide(production) };
  return { ...verdict, deployment: { ...deployment, status: statusIn(readings), ...now } };
}

const identify = ({ resourceId, members }: Side): KnownSides['blue'] => ({
  resourceId,
  members: members.map((member) => member.resourceId),
});

function statusIn(readings: SideReading[]): string | undefined {
  const newest = readings.at(-1)?.deployment;
  return newest && isRead(newest) ? newest.value?.status : undefined;
}
