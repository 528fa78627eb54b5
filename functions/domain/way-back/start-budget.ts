import type { Verdict } from '../model/deployment.ts';

/** An execution that has gone back or tried to, and how long nobody could write for it. Milliseconds since the epoch. */
export interface HeldWrites {
  executionArn: string;
  since: number;
  until: number;
}

const minute = 60_000;
const hour = 60 * minute;
/** In any hour executions may keep everybody from writing for so long before another one may begin. One that is under way comes to its end. */
const budgetMinutes = 20;
/** Between the end of one and the beginning of the next: clients connect anew, and a person can read what was announced. */
const pauseMinutes = 2;

/**
 * Whether another execution may close new production now. Each holds writes for a quarter of an hour at most, so in an hour nobody can
 * write for 35 minutes at most, however often going back is started.
 * @param now milliseconds since the epoch
 */
export function judgeStart(held: readonly HeldWrites[], now: number): Verdict<null> {
  const last = Math.max(...held.map(({ until }) => until));
  const inHour = held.reduce(
    (sum, { since, until }) => sum + Math.max(0, Math.min(until, now) - Math.max(since, now - hour)),
    0,
  );
  const count = `${held.length} ${held.length === 1 ? 'execution that goes back has' : 'executions that go back have'}`;
  if (inHour >= budgetMinutes * minute)
    return no(
      `in the last hour ${count} kept everybody from writing for ${Math.round(inHour / minute)} minutes, and ${budgetMinutes} is the most`,
      findFree(held, now),
    );
  if (now - last < pauseMinutes * minute)
    return no(
      `the last execution that went back opened new production ${Math.round((now - last) / 1000)} s ago`,
      last + pauseMinutes * minute,
    );
  return { kind: 'ready', facts: null };
}

/** From when on less than the budget lies in the hour before: looked for by the minute. */
function findFree(held: readonly HeldWrites[], now: number): number {
  for (let at = now; at < now + hour; at += minute) {
    const used = held.reduce(
      (sum, { since, until }) => sum + Math.max(0, until - Math.max(since, at - hour)),
      0,
    );
    if (used < budgetMinutes * minute) return at;
  }
  return now + hour;
}

function no(because: string, from: number): Verdict<null> {
  return { kind: 'no', because: `${because}; start again from ${new Date(from).toISOString()} on` };
}
