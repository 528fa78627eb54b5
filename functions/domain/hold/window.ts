import type { Verdict, Window } from '../model/deployment.ts';
import { notYet } from '../model/not-yet.ts';
import { roomForSteps } from '../read-ramp/step.ts';
import type { Request } from '../request/request.ts';
import { instantsOf, isTimeZone, jumpOver, wallTime } from './zone-time.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

type Weekly = Extract<NonNullable<Request['window']>, { timeZone: string }>;
type Settings = Pick<Request, 'window' | 'approval' | 'lag' | 'switchover' | 'readRamp'>;

/** An open time: `opensAt` belongs to it, `closesAt` does not. Milliseconds since the epoch. */
export interface Span {
  opensAt: number;
  closesAt: number;
}

/**
 * What a cut needs before its window closes: the switchover's own timeout, after which RDS rolls back by itself, and 15
 * minutes to read and verify the outcome. Milliseconds.
 */
export function roomForCut(timeoutSeconds: number): number {
  return timeoutSeconds * 1000 + 15 * minute;
}

/** The same with the steps by which readers are led to green before it. */
export function roomInWindow({ switchover, readRamp }: Pick<Settings, 'switchover' | 'readRamp'>): number {
  return roomForCut(switchover.timeoutSeconds) + (readRamp ? roomForSteps(readRamp) : 0);
}

/**
 * The window of the run, as seen now: the first that leaves room for the cut and for people to answer. Without a maintenance
 * window it is open from now on.
 * @returns undefined when no window is left.
 */
export function findWindow(settings: Settings, now: number): Window | undefined {
  const { approval } = settings;
  const room = roomInWindow(settings);
  const span = findSpan(settings, now, room);
  if (!span || Math.max(span.opensAt, now) + room > span.closesAt) {
    return undefined;
  }
  return {
    opensAt: toIso(span.opensAt),
    closesAt: toIso(span.closesAt),
    approveBy: toIso(Math.min(now + approval.withinHours * hour, span.closesAt - room)),
  };
}

/**
 * The runs of a window begin so long after each other on average, a few of them within {@link leastSpread}: from its last check to its proofs
 * a run asks RDS about 90 times, and 70 times until it ends; RDS admits 12 calls a second of a whole account and Region, not all of them for us.
 */
const between = 20_000;
const leastSpread = 5 * minute;

/**
 * The window of one of many runs: they open at different moments within it, so that runs which share a maintenance window do not ask RDS
 * all at once. A run without a maintenance window, or whose window leaves no time, begins when it opens. Half of the time to spare stays for
 * runs that are turned away.
 * @param share of the run, in [0, 1): the same whenever it is asked
 * @param runs how many deployments of the account and Region may be switched over at that time
 */
export function spreadWindow(window: Window, settings: Settings, share: number, runs: number): Window {
  if (!settings.window) return window;
  const opensAt = Date.parse(window.opensAt);
  const toSpare = Date.parse(window.closesAt) - opensAt - roomInWindow(settings);
  const spread = Math.max(0, Math.min(Math.max(leastSpread, runs * between), toSpare / 2));
  return { ...window, opensAt: toIso(Math.floor(opensAt + share * spread)) };
}

function findSpan({ window, approval, lag }: Settings, now: number, room: number): Span | undefined {
  if (!window) {
    const until = now + approval.withinHours * hour + lag.withinMinutes * minute + day;
    return { opensAt: now, closesAt: until };
  }
  if ('opensAt' in window) {
    return { opensAt: Date.parse(window.opensAt), closesAt: Date.parse(window.closesAt) };
  }
  // A window about to close would leave people minutes to answer, and throw green away: the next one is better.
  const answer = approval.required ? Math.min(approval.withinHours * hour, hour) : 0;
  return weeklySpans(window, now).find(
    ({ opensAt, closesAt }) => closesAt - Math.max(opensAt, now + answer) >= room,
  );
}

/** The weekly windows that close after `now`, in order, of the next three weeks. */
export function weeklySpans(window: Weekly, now: number): Span[] {
  const today = Math.floor(wallTime(window.timeZone, now) / day) * day;
  const spans: Span[] = [];
  for (let date = today - day; date <= today + 21 * day; date += day) {
    const weekday = weekdays[new Date(date).getUTCDay()];
    const span = weekday && window.days.includes(weekday) ? spanOn(window, date) : undefined;
    if (span && span.closesAt > now) {
      spans.push(span);
    }
  }
  return spans;
}

/**
 * The window that opens on a date. Where clocks change, it holds only instants at which the clock on the wall shows a time of
 * the window: it opens at the later and closes at the earlier of two equal wall times, and a skipped wall time counts as the
 * jump. A window that lies wholly in a skipped hour does not take place.
 */
function spanOn({ timeZone, from, to }: Weekly, date: number): Span | undefined {
  const opens = date + clockTime(from);
  const closes = date + clockTime(to) + (clockTime(to) <= clockTime(from) ? day : 0);
  const opensAt = instantsOf(timeZone, opens).at(-1) ?? jumpOver(timeZone, opens);
  const closesAt = instantsOf(timeZone, closes).find((end) => end > opensAt) ?? jumpOver(timeZone, closes);
  return closesAt > opensAt ? { opensAt, closesAt } : undefined;
}

/** Milliseconds since midnight of `HH:MM`. */
function clockTime(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * hour + minutes * minute;
}

/** Why a requested window can never hold a cut, or undefined. */
export function findWindowFault(settings: Settings, now: number): string | undefined {
  const { window } = settings;
  if (!window) {
    return undefined;
  }
  if ('timeZone' in window && !isTimeZone(window.timeZone)) {
    return `the time zone "${window.timeZone}" is not known; write it as the IANA database does, for example Europe/Berlin`;
  }
  if ('opensAt' in window && Date.parse(window.closesAt) <= Date.parse(window.opensAt)) {
    return `the window closes (${window.closesAt}) before it opens (${window.opensAt}); exchange the two times`;
  }
  const needed = Math.ceil(roomInWindow(settings) / minute);
  if ('opensAt' in window && Date.parse(window.closesAt) - Date.parse(window.opensAt) < needed * minute) {
    return `the window is shorter than the ${needed} minutes that a cut and its verification may need; make it longer`;
  }
  return findWindow(settings, now)
    ? undefined
    : `no window is left that holds the ${needed} minutes that a cut and its verification may need; make it longer or later`;
}

/** Whether the cut may begin now. @param before what is to come before it in the same window, in milliseconds */
export function judgeWindow(
  window: Window,
  timeoutSeconds: number,
  now: number,
  before = 0,
): Verdict<{ closesAt: string }> {
  const opensAt = Date.parse(window.opensAt);
  const closesAt = Date.parse(window.closesAt);
  const needed = before + roomForCut(timeoutSeconds);
  if (!Number.isFinite(opensAt) || !Number.isFinite(closesAt)) {
    return { kind: 'no', because: 'the window of this run cannot be read' };
  }
  if (now + needed > closesAt) {
    const minutes = Math.ceil(needed / minute);
    return {
      kind: 'no',
      because: `the window closes at ${window.closesAt}, which leaves less than the ${minutes} minutes of a cut`,
    };
  }
  return now < opensAt
    ? notYet(`the window opens at ${window.opensAt}`, null)
    : { kind: 'ready', facts: { closesAt: window.closesAt } };
}

function toIso(instant: number): string {
  return new Date(instant).toISOString();
}
