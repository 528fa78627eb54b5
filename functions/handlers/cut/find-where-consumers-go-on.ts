import { readCutCoordinates } from '../../aws/facts/cut-coordinates.ts';
import { insist, readPlace } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import type { Beginning, HandOver } from '../../domain/hand-over/facts.ts';
import { at, beginningsOf, consumersOf, type Known, whyNotKnown } from '../../domain/hand-over/hand-over.ts';
import type { SideFacts } from '../../domain/hand-over/side-facts.ts';
import type { Deployment, Serving } from '../../domain/model/deployment.ts';
import { UnexpectedState } from '../../domain/model/errors.ts';
import { targetOf } from '../../domain/way-back/target.ts';
import { clock } from '../../runtime/clock.ts';
import { task } from '../../tasks/task.ts';

interface Event extends WayBackEvent {
  serving: Serving;
}

/**
 * Notes for the consumers of changes where the log of the former production ends and where they go on in that of the side that serves. Changes nothing,
 * and finds the same whenever it is asked: nobody writes on the former production any more, and where the other log begins was noted while nobody could
 * write there.
 */
export const handler = task('Find where consumers go on', async (event: Event): Promise<Deployment> => {
  const { request, deployment, serving } = event;
  const { blue, green } = deployment;
  if (!green) throw new UnexpectedState('the run does not know what green is');
  const goesBack = serving.side === 'blue';
  const [former, now] = goesBack ? [green, targetOf(deployment)] : [blue, green];
  const ended = await ask(event, goesBack ? 'green' : 'target');
  const begins = goesBack ? beginningsOfBlue(event) : await beginningsOfGreen(event, green);
  const handOver: HandOver = {
    side: goesBack ? 'blue' : 'green',
    consumers: consumersOf(request, deployment),
    ended: { ...at(former), log: ended?.log ?? null, because: ended?.log ? null : whyNotKnown(event) },
    begins: { ...at(now), ...begins },
  };
  return { ...deployment, handOver };
});

/** What a side says after the cut; undefined where nobody may ask it. @param from a position of its log, of which the GTID set is wanted */
async function ask(event: Event, side: 'green' | 'target', from?: string): Promise<SideFacts | undefined> {
  if (!event.request.wayBack.login || !event.wayBack.distinction) return undefined;
  const place = await readPlace(event, side);
  return insist('read-side', { ...questionOf(event), ...place, depth: 'server', ...(from && { at: from }) });
}

/** Where blue's log stood when the stream into it had ended and nobody wrote there yet. */
function beginningsOfBlue(event: Event): Known {
  const { opensAt } = event.wayBack;
  return opensAt
    ? { places: [{ database: '', slot: null, ...opensAt }], because: null }
    : { places: [], because: 'it was not noted before blue was opened' };
}

/** The proof of the way back, or the word of RDS, which tells it of the binary log alone. */
async function beginningsOfGreen(event: Event, green: Deployment['blue']): Promise<Known> {
  const { deployment, wayBack } = event;
  const proved = beginningsOf(deployment.replication, wayBack.secured);
  const told =
    proved.length === 0 && deployment.replication === 'binlog'
      ? await readCutCoordinates(green, clock.now())
      : undefined;
  const places = told ? [{ database: '', position: told, gtid: null, slot: null }] : proved;
  if (places.length === 0) return { places, because: whyNotKnown(event) };
  const because = wayBack.secured?.some(({ early }) => early)
    ? 'rows that blue wrote just before the cut may come once more'
    : null;
  return { places: await withGtid(event, places), because };
}

/** MariaDB knows the GTID set of a position; a slot has no need of one. */
async function withGtid(event: Event, places: Beginning[]): Promise<Beginning[]> {
  const [first] = places;
  if (event.deployment.replication !== 'binlog' || !first) return places;
  const seen = await ask(event, 'green', first.position);
  return [{ ...first, gtid: seen?.log?.gtid ?? null }];
}
