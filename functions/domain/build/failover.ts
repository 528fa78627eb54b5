import { lagPeriodSeconds } from '../hold/lag.ts';
import type { LagReading, Side } from '../model/deployment.ts';
import { oneLine } from '../model/text.ts';

/** `$tests.failover` of the run: the test of a failover of green. Times in milliseconds since the epoch, what it took in seconds. */
export interface FailoverTest {
  /** Why green was not failed over; null: it was. */
  untested: string | null;
  /** Where green served from before: its writer in a cluster, the Availability Zone of an instance. */
  from: string;
  /** Where it served from afterwards; a way back begins there. */
  to: string | null;
  startedAt: number;
  /** A cluster is led back, so that green is what it was: members have the classes and names that production gets. */
  leg: 'there' | 'back';
  answersAfter: number | null;
  flowsAfter: number | null;
  /** What the way there took, once the way back has begun. */
  there?: { answersAfter: number | null; flowsAfter: number | null };
}

/** What is to be done about green now. `already`: the failover has been asked for, by an invocation that did not come to say so. */
export type FailoverStep =
  | { kind: 'untested'; because: string }
  | { kind: 'already' }
  | { kind: 'reboot'; instance: string }
  | { kind: 'failover'; cluster: string; to: string | null };

/** `EventCategories` of the two events that RDS tells a failover by. */
export const failoverCategory = 'failover';

/** What green is failed over from: who writes, or where. Empty where RDS does not say. */
export function placeOfWriter(kind: 'instance' | 'cluster', green: Side): string {
  const writer = green.members.find(({ role }) => role === 'writer');
  return (kind === 'cluster' ? writer?.id : writer?.zone) ?? '';
}

/**
 * The next step of the test.
 * @param from where green served from before this leg
 * @param back the cluster is led back to its first writer
 */
export function planFailover(
  kind: 'instance' | 'cluster',
  green: Side,
  { from, back }: { from: string; back: string | null },
): FailoverStep {
  const writer = green.members.find(({ role }) => role === 'writer');
  if (!writer) return { kind: 'untested', because: 'RDS names no writer of green' };
  if (kind === 'cluster' && green.members.length < 2)
    return { kind: 'untested', because: 'green has no reader that could become its writer' };
  if (kind === 'instance' && !writer.multiAz)
    return { kind: 'untested', because: 'green has no standby (Multi-AZ)' };
  if (!from) return { kind: 'untested', because: 'RDS does not say where green runs' };
  const isUnderWay = [green.status, writer.status].some((one) => ['failing-over', 'rebooting'].includes(one));
  if (isUnderWay || placeOfWriter(kind, green) !== from) return { kind: 'already' };
  return kind === 'cluster'
    ? { kind: 'failover', cluster: green.id, to: back }
    : { kind: 'reboot', instance: writer.id };
}

/**
 * Whether another one serves by now. RDS may show the new zone of an instance minutes late (RDS User Guide, rebooting with failover), and tells
 * of a failover by two events, one of its beginning and one of its end.
 */
export function hasMoved(
  kind: 'instance' | 'cluster',
  green: Side,
  { from }: Pick<FailoverTest, 'from'>,
  events: readonly { categories: string[] }[],
): boolean {
  const told = events.filter(({ categories }) => categories.includes(failoverCategory)).length;
  return placeOfWriter(kind, green) !== from || told >= 2;
}

/**
 * When the first of two good readings after green answered was taken, which shows that replication flows again: both are known, and the lag is
 * within its limit or does not grow. Catching up is waited for later. RDS writes -1 where it does not know.
 */
export function flowsSince(
  reading: LagReading,
  limits: { maxSeconds: number; maxMiB: number },
  answeredAt: number,
): number | undefined {
  const [newer, older] = reading.points
    .filter(({ at, value }) => at > answeredAt && value >= 0)
    .toSorted((one, other) => other.at - one.at);
  if (!newer || !older || newer.at - older.at > 1.5 * lagPeriodSeconds * 1_000) return undefined;
  const limit = reading.unit === 'Bytes' ? limits.maxMiB * 1_048_576 : limits.maxSeconds;
  return newer.value <= limit || newer.value <= older.value ? older.at : undefined;
}

/** For the approvers, in a sentence. */
export function describeFailover(
  test: FailoverTest | undefined,
  { tests }: { tests: { failover?: boolean } },
): string {
  if (!test)
    return tests.failover
      ? 'not tested: green has no standby (Multi-AZ) and no reader'
      : 'not tested: the request turns it off (tests.failover)';
  const legs = [test.there, test].filter((leg) => typeof leg?.answersAfter === 'number');
  const took = legs.map(
    (leg) =>
      `green answered again after ${show(leg?.answersAfter)} and replication flowed again after ${show(leg?.flowsAfter)}`,
  );
  if (test.untested === null) return took.join('; led back to its first writer, ');
  const because = oneLine(test.untested, 300);
  return took.length === 0
    ? `not tested: ${because}`
    : `${took.join('; ')}; it was not led back to its first writer: ${because}`;
}

const show = (seconds: number | null | undefined): string =>
  typeof seconds === 'number' ? `${Math.round(seconds)} s` : 'an unknown time';
