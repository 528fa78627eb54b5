import { Busy } from '../domain/model/errors.ts';
import { limits } from '../domain/model/limits.ts';
import type { StreamFacts } from '../domain/way-back/facts.ts';
import { doubtSeconds } from '../domain/way-back/state.ts';
import { judgeStreams } from '../domain/way-back/stream.ts';
import { clock } from '../runtime/clock.ts';
import { secondsLeft } from '../runtime/time-left.ts';
import { askDatabase, type Places, readBothPlaces } from './ask.ts';
import { questionOf, type WaitingWayBackEvent } from './question.ts';

/** What a look at the way back has to say to the run. */
export type Watched = { goingBack: string } | { lost: string } | { doubtSince: number | null };

/** A beat has so long to travel. Milliseconds. */
const travel = 1_000 * limits.patience.travel;

/** Where both sides are, for {@link watchWayBack}; undefined where nothing is watched. A failure is one of the look. */
export function placesToWatch(event: WaitingWayBackEvent): Promise<Places> | undefined {
  if (!event.wayBack.attached || !event.wayBack.open) return undefined;
  const places = readBothPlaces(event);
  places.catch(() => {});
  return places;
}

/**
 * Looks at the stream twice, a beat apart. Undefined when nothing has changed since the last look.
 * @param places asked for beside what else the look reads, so that RDS is asked once
 */
export async function watchWayBack(
  event: WaitingWayBackEvent,
  places: Promise<Places> | undefined,
): Promise<Watched | undefined> {
  if (!places) return undefined;
  const { wayBack, request } = event;
  const doubtSince = wayBack.doubtSince ?? null;
  const first = await look(event, places);
  const second = await lookAgain(event, places, first);
  const patience = wayBack.kept ? Number.POSITIVE_INFINITY : doubtSeconds;
  const budget = { walBudgetBytes: request.wayBack.walBudgetGiB * 2 ** 30, doubtSeconds: patience };
  const now = clock.now();
  const verdict =
    typeof first === 'string' || typeof second === 'string'
      ? judgeUnanswered(String(second), doubtSince, patience, now)
      : judgeStreams(second, { streams: first, doubtSince }, budget, now);
  if (verdict.kind === 'broken') return { lost: verdict.because };
  const since = verdict.kind === 'doubtful' ? verdict.since : null;
  return since === doubtSince ? undefined : { doubtSince: since };
}

/** After a look that failed, or left no time for another one, there is none: a look that Lambda ends would say nothing. */
async function lookAgain(
  event: WaitingWayBackEvent,
  places: Promise<Places>,
  first: StreamFacts[] | string,
): Promise<StreamFacts[] | string> {
  if (typeof first === 'string') return first;
  const left = secondsLeft() ?? Number.POSITIVE_INFINITY;
  if (left < limits.patience.travel + 2 * limits.say)
    return 'one look took all the time that there was for two';
  await clock.sleep(travel);
  return look(event, places);
}

async function look(event: WaitingWayBackEvent, places: Promise<Places>): Promise<StreamFacts[] | string> {
  try {
    const reply = await askDatabase('watch', { ...questionOf(event), ...(await places) });
    return reply.kind === 'answer' ? reply.facts.streams : reply.because;
  } catch (error) {
    if (error instanceof Busy) return error.message;
    throw error;
  }
}

/** A stream that cannot be looked at is in doubt. */
function judgeUnanswered(because: string, doubtSince: number | null, patience: number, now: number) {
  const since = doubtSince ?? now;
  return now - since > patience * 1_000
    ? ({ kind: 'broken', because: `the stream cannot be watched: ${because}` } as const)
    : ({ kind: 'doubtful', since } as const);
}
