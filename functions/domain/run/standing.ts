import { ends } from '../model/ends.ts';
import type { StateName } from '../model/states.ts';
import { oneLine, withoutLinks } from '../model/text.ts';
import { besideProduction } from './cost.ts';
import { keyOfWait, type OpenWait, type RunFacts } from './facts.ts';
import { phaseOf } from './phase.ts';

/** How an execution stands, for a person. */
export interface Standing {
  /** A phase of the README, "Going back" for an execution of `roll-back`, or "Ended". */
  phase: string;
  state: string;
  /** When the newest state was entered for the first time in a row: ISO time. */
  since: string;
  /** Until when the state waits at the latest: ISO time; null where it does not wait, or the moment was not read. */
  until: string | null;
  /** What the newest looks found, or which groups are asked. */
  waitsFor: string[];
  /** What comes next; null once it has ended. */
  next: string | null;
  /** What runs beside production, and for how long so far; null where nothing is known to. */
  costs: string | null;
  /** How it ended; null while it is open. */
  ended: string | null;
}

/** Whether an execution goes on. */
export const isOpen = ({ status }: Pick<RunFacts, 'status'>): boolean => status === 'RUNNING';

const paused: StateName = 'Wait to be resumed';

/** How an execution stands at a moment, in milliseconds since the epoch. */
export function readStanding(facts: RunFacts, now: number): Standing {
  const { entered, executionArn } = facts;
  const state = entered.at(-1)?.state ?? 'not begun';
  const before = entered.findLastIndex((one) => one.state !== state);
  const first = entered[before + 1];
  const where = { state, since: first ? new Date(first.at).toISOString() : facts.startedAt };
  const costs = besideProduction(facts, now);
  if (!isOpen(facts))
    return { ...where, phase: 'Ended', until: null, waitsFor: [], next: null, costs, ended: endOf(facts) };
  const phase = phaseOf(
    executionArn,
    entered.map((one) => one.state),
  );
  return {
    ...where,
    phase: phase.name,
    until: untilOf(facts, state),
    waitsFor: facts.waits.map((wait) => describeWait(facts, wait)),
    next: state === paused ? 'somebody resumes or stops it: npm run resume, npm run stop' : phase.next,
    costs,
    ended: null,
  };
}

/** The name of its end where it came to one, and its error. */
function endOf({ entered, error, status }: RunFacts): string {
  const last = entered.at(-1)?.state ?? '';
  if (!Object.hasOwn(ends, last)) return error ?? status;
  return error === null ? last : `${last} (${error})`;
}

/** By the variable that holds the moment up to which the state may wait. */
function untilOf({ until, waits }: RunFacts, state: string): string | null {
  const moments: Partial<Record<StateName, string | undefined>> = {
    'Wait for approval': until.approveBy,
    Bake: until.bakeUntil,
    'Wait to be resumed': until.pauseUntil,
    'Wait for the DNS TTL': until.staleUntil,
  };
  if (waits.length === 0) return null;
  return moments[state as StateName] ?? until.deadline ?? null;
}

const approval: StateName = 'Wait for approval';

function describeWait({ reasons }: RunFacts, { state, group }: OpenWait): string {
  if (state === approval) return `an answer of group ${group}`;
  const what = state === paused ? 'a person to resume it' : state.replace(/^Wait for /, '');
  const reason = reasons.get(keyOfWait(state, group));
  return `${what}: ${reason ? showReason(reason.because) : 'the look is under way'}`;
}

/** A reason may hold texts of others, such as a message of RDS. */
export const showReason = (because: string): string => oneLine(withoutLinks(because));
