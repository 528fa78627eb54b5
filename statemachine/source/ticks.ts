import { type Pace, paces, shortestTick } from '../../functions/domain/model/tick.ts';
import { type Expression, x } from './expressions.ts';

/** How often a waiting state looks. All but the pace are texts of JSONata, moments in milliseconds since the epoch. */
interface Tick extends Pick<Pace, 'ceiling'> {
  /** Seconds, or a text of JSONata that gives them. */
  floor: number | string;
  /** Text of JSONata, seconds. */
  first?: string;
  /** When the wait began. */
  since?: string;
  /** When it must look at the latest. */
  until?: string;
  /** So many waits of one run run side by side. */
  together?: string;
}

/** `TimeoutSeconds` of a waiting state: what `tickSeconds` of `functions/domain/model/tick.ts` computes. A test compares the two. */
export function tick({
  floor,
  ceiling,
  first,
  since = '$toMillis($waitingSince)',
  until,
  together,
}: Tick): Expression {
  const waited = `($millis() - ${since})`;
  const least = first === undefined ? `${floor}` : `${floor}, $ceil(${first} - ${waited} / 1000)`;
  const paced = [`${ceiling}`, `$max([${least}, $floor(${waited} / 20000)])`];
  return together === undefined
    ? within(until, ...paced)
    : within(until, `$min([${paced.join(', ')}]) * ${together}`);
}

/** A wait that needs no pace, because its end is known: sleeps to it, so many seconds at most. */
export function sleep(atMost: number, until?: string): Expression {
  return within(until, `${atMost}`);
}

/** Sleeps until a moment, so many seconds at most, and looks from then on. @param opensAt text of JSONata, milliseconds since the epoch */
export function sleepUntil(opensAt: string, atMost: number, { floor, ceiling }: Pace): Expression {
  const since = `$max([$toMillis($waitingSince), ${opensAt}])`;
  const paced = `$min([${ceiling}, $max([${floor}, $floor(($millis() - ${since}) / 20000)])])`;
  const isEarly = `$millis() < ${opensAt}`;
  return within(`(${isEarly} ? ${opensAt} : $toMillis($deadline))`, `(${isEarly} ? ${atMost} : ${paced})`);
}

/** Begins young again when green is nearly ready, and at the usual pace. */
export function tickOfGreen({ first, floor, ceiling }: Required<Pace>): Expression {
  return tick({
    floor: `($nearlySince ? ${paces.usual.floor} : ${floor})`,
    ceiling,
    first: `($nearlySince ? 0 : ${first})`,
    since: '$toMillis($nearlySince ? $nearlySince : $waitingSince)',
  });
}

/** A failover is looked for often; of a green that answers only points of the lag are awaited. */
export function tickOfFailover({ floor, ceiling }: Pace): Expression {
  return tick({
    floor: `($tests.failover.answersAfter != null ? ${paces.flowing.floor} : ${floor})`,
    ceiling,
  });
}

const within = (until = '$toMillis($deadline)', ...seconds: string[]) =>
  x`$max([${`${shortestTick}`}, $min([${seconds.join(', ')}, $ceil((${until} - $millis()) / 1000)])])`;
