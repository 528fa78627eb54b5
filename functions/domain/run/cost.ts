import type { Side } from '../model/deployment.ts';
import type { RunState } from '../model/states.ts';
import { showSpan } from '../model/text.ts';
import { describeSize } from '../outcome/leftovers.ts';
import type { RunFacts } from './facts.ts';

type Answered = Pick<RunFacts, 'answered'>;

const at = ({ answered }: Answered, state: RunState): number | undefined => answered.get(state);

/**
 * What runs beside production, by what it is billed by, and for how long so far: green, and from the cut on old blue in its place. Prices
 * are not known here. Null where the run has made nothing, or of an execution that goes back.
 * @param now milliseconds since the epoch
 */
export function besideProduction(facts: RunFacts, now: number): string | null {
  const parts = [secondSide(facts, now), clone(facts, now)].filter((part) => part !== undefined);
  return parts.length === 0 ? null : parts.join('; ');
}

function secondSide(facts: RunFacts, now: number): string | undefined {
  const { blue, green } = facts.deployment;
  const made = at(facts, 'Create green');
  if (made === undefined) return undefined;
  const isCut = at(facts, 'Verify production') !== undefined;
  const side = isCut ? blue : green;
  const gone = at(facts, 'Wait for removal') ?? at(facts, 'Wait for deletion');
  return describe(isCut ? 'old blue' : 'green', side, made, gone, { facts, now });
}

function clone(facts: RunFacts, now: number): string | undefined {
  const made = at(facts, 'Make the rollback target');
  if (made === undefined || !facts.deployment.clone) return undefined;
  const gone = at(facts, 'Remove the rollback target');
  return describe('clone of old blue', facts.deployment.clone, made, gone, { facts, now });
}

function describe(
  what: string,
  side: Side | undefined,
  from: number,
  gone: number | undefined,
  { facts: { endedAt }, now }: { facts: RunFacts; now: number },
): string {
  const size = side ? describeSize(side) : 'its size is not known yet';
  const until = gone ?? (endedAt === null ? now : Date.parse(endedAt));
  const span = showSpan((until - from) / 1_000);
  if (gone !== undefined) return `${what}: ${size}, for ${span}; it is gone`;
  return `${what}: ${size}, for ${span} ${endedAt === null ? 'so far' : 'until the end of the run; look whether it still runs'}`;
}
