import type { StreamFacts } from './facts.ts';

export interface StreamLimits {
  /** Log that new production may keep for the stream, in all databases together. */
  walBudgetBytes: number;
  /** A doubt that lasts longer is a break. */
  doubtSeconds: number;
}

/** The last look: what it found, and since when there has been doubt (milliseconds since the epoch). */
export interface EarlierLook {
  streams: StreamFacts[];
  doubtSince: number | null;
}

/**
 * `whole`: everything that was written until the last look has arrived. `doubtful`: not proved at this look, and it may heal by itself, as
 * a stream does after a failover. `broken`: it does not heal; the way back must be closed, so that no slot fills a disk.
 */
export type StreamVerdict =
  | { kind: 'whole' }
  | { kind: 'doubtful'; because: string; since: number }
  | { kind: 'broken'; because: string };

/**
 * A small lag says nothing: a stream whose apply fails stays a few hundred bytes behind as long as nobody writes. The proof is the
 * beat of the last look, a row that has travelled through the stream.
 */
export function judgeStreams(
  streams: StreamFacts[],
  earlier: EarlierLook | undefined,
  limits: StreamLimits,
  now: number,
): StreamVerdict {
  if (streams.length === 0) return { kind: 'broken', because: 'there is no stream' };
  const broken = findBroken(streams) ?? overBudget(streams, limits.walBudgetBytes);
  if (broken) return { kind: 'broken', because: broken };
  const doubt = streams.map((stream) => findDoubt(stream, earlier?.streams)).find(Boolean);
  if (!doubt) return { kind: 'whole' };
  const since = earlier?.doubtSince ?? now;
  const seconds = Math.round((now - since) / 1000);
  return seconds > limits.doubtSeconds
    ? { kind: 'broken', because: `${doubt}, for ${seconds} s` }
    : { kind: 'doubtful', because: doubt, since };
}

/** Why nothing can arrive any more by one of the streams, whatever is waited for. */
export function findBroken(streams: StreamFacts[]): string | undefined {
  return streams.map(findBreak).find(Boolean);
}

function findBreak({ database, slot, subscription }: StreamFacts): string | undefined {
  if (!slot) return `the slot of ${database} is gone`;
  if (slot.walStatus === 'lost')
    return `the slot of ${database} has lost log that the target needs${slot.because ? ` (${slot.because})` : ''}`;
  if (!subscription) return `the subscription of ${database} is gone`;
  if (!subscription.enabled)
    return `the subscription of ${database} is disabled${subscription.because ? ` (${subscription.because})` : ''}`;
  if (subscription.tablesNotReady > 0) {
    return `${subscription.tablesNotReady} tables of ${database} are not streamed`;
  }
  return undefined;
}

function overBudget(streams: StreamFacts[], budget: number): string | undefined {
  // One log serves all slots of a server, so the slot that is furthest behind decides how much log is kept.
  const kept = Math.max(...streams.map(({ slot }) => slot?.retainedBytes ?? 0));
  return kept <= budget
    ? undefined
    : `new production keeps ${gib(kept)} GiB of log for the stream, the budget is ${gib(budget)} GiB`;
}

function gib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

function findDoubt(
  { database, slot, subscription, beat }: StreamFacts,
  earlier: StreamFacts[] | undefined,
): string | undefined {
  if (!subscription?.workerAlive) return `the apply worker of ${database} does not run`;
  if (!slot?.active) return `the slot of ${database} is not in use`;
  if (slot.walStatus !== 'reserved' && slot.walStatus !== 'extended') {
    return `the slot of ${database} is ${slot.walStatus ?? 'of unknown state'}`;
  }
  const sent = earlier?.find((stream) => stream.database === database)?.beat.sent;
  if (sent === undefined) return `no beat of ${database} was sent before`;
  if (beat.arrived === null || !(beat.arrived >= sent)) {
    const errors = subscription.applyErrors
      ? `, and applying has failed ${subscription.applyErrors} times`
      : '';
    return `the last beat of ${database} has not arrived${errors}`;
  }
  return undefined;
}
