import { readLag } from '../../aws/cloudwatch/lag.ts';
import { readReadySides } from '../../aws/facts/readiness.ts';
import { readReaderHosts } from '../../aws/rds/readers.ts';
import { readReads, writeReads } from '../../aws/route53/reads.ts';
import { judgeLag } from '../../domain/hold/lag.ts';
import { Busy, UnexpectedState } from '../../domain/model/errors.ts';
import { findStranger, readsRecordOf, sets, setsFor, shareOf, ttlOf } from '../../domain/read-ramp/record.ts';
import { longestTtl, type Reads, timesOfStep } from '../../domain/read-ramp/step.ts';
import { plainName } from '../../domain/way-back/address.ts';
import { clock } from '../../runtime/clock.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

interface Event extends RunEvent {
  /** Of a hundred new connections so many are to lead to green; 0: all lead to blue. */
  percent: number;
}

type Led = Omit<Reads, 'step' | 'led' | 'over' | 'begunAt' | 'bad'>;

/**
 * Leads a share of the readers to green, or all of them back. It writes even what stands there already: nothing else shows when every name server
 * answers it. Whatever somebody else has made of the record is left alone: of it only green's own record is led back.
 */
export const handler = task('Lead reads to green', async (event: Event): Promise<Led> => {
  const { request, deployment, percent } = event;
  const record = readsRecordOf(request);
  if (!record) throw new UnexpectedState('the request names no record by which readers come');
  if (percent > 0) await requireFreshGreen(event);
  const hosts = await readReaderHosts(deployment);
  const seen = await readReads(record);
  const ttlSeconds = ttlOf(seen) ?? longestTtl;
  const led = { percent, ttlSeconds, staleUntil: null, back: false };
  const times = timesOfStep(request.readRamp?.minutesEach ?? 0, ttlSeconds, clock.now());
  const stranger = findStranger(plainName(record.recordName), seen, hosts);
  if (stranger && percent > 0)
    throw new UnexpectedState(`${stranger}: somebody else has changed it, and it is left alone`);
  // On the way back the record of green is ours in any case; all others lead where somebody wants them to.
  const own = setsFor(percent, hosts, ttlSeconds).filter(
    ({ identifier }) => !stranger || identifier === sets.green,
  );
  if (stranger && shareOf(seen, hosts.green) === 0) return { ...led, ...times, change: null };
  if (percent > 0 && hosts.green === '') throw new UnexpectedState('green has no address for readers');
  return { ...led, ...times, change: await writeReads(record, own) };
});

/** Nobody is led to a green that is not ready, or whose rows are older than people were told. */
async function requireFreshGreen(event: Event): Promise<void> {
  const now = clock.now();
  const sides = await readReadySides(event, now);
  const lag = judgeLag(await readLag(event.deployment, sides, now), event.request.lag, now);
  if (lag.kind !== 'ready') throw new Busy(lag);
}
