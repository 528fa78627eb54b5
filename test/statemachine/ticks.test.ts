import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bakeTick,
  greenTick,
  paces,
  tickSeconds,
  type Wait,
  windowTick,
} from '../../functions/domain/model/tick.ts';
import { evaluate } from './expressions.ts';
import { allStates, isOurWait, machines } from './machine.ts';

/** A moment in a wait: everything that a tick may depend on. Milliseconds since the epoch. */
interface Moment {
  now: number;
  since: number;
  deadline: number;
  /** When the window opens, the bake ends, the reminder or the escalation is due. */
  between: number;
  groups: number;
  reminded: boolean;
  escalated: boolean;
}

const usual = ({ now, ...wait }: Moment) => tickSeconds(now, wait);

/** A reminder comes before the escalation. */
const remindAt = ({ since, between }: Pick<Moment, 'since' | 'between'>) => Math.floor((since + between) / 2);

/** What each wait's `TimeoutSeconds` computes. */
const rules: Record<string, (moment: Moment) => number> = {
  'Wait for green': ({ now, between, reminded, ...wait }) =>
    greenTick(now, wait, reminded ? between : undefined),
  'Wait for approval': ({ now, since, deadline, between, groups, reminded, escalated }) => {
    const due = escalated ? deadline : reminded ? between : remindAt({ since, between });
    return tickSeconds(now, { since, deadline: due }, paces.approval, groups);
  },
  'Wait for window': ({ now, between, ...wait }) => windowTick(now, wait, between),
  'Wait for green after its failover': ({ now, reminded, ...wait }) =>
    tickSeconds(now, wait, reminded ? paces.flowing : paces.failover),
  'Wait to be resumed': usual,
  'Wait for replication to catch up': ({ now, ...wait }) => tickSeconds(now, wait, paces.catchUp),
  'Wait for switchover': ({ now, ...wait }) => tickSeconds(now, wait, paces.cut),
  'Release application writes': ({ now, ...wait }) => tickSeconds(now, wait, paces.release),
  'Secure the way back': ({ now, ...wait }) => tickSeconds(now, wait, paces.cut),
  'Wait for the rollback target': usual,
  'Wait for a decision': usual,
  'Wait for going back': usual,
  'Wait for the last changes': ({ now, ...wait }) => tickSeconds(now, wait, paces.cut),
  'Wait for the endpoint': ({ now, ...wait }) => tickSeconds(now, wait, paces.cut),
  // Only time passes: it looks again when the record's time to live is over.
  'Wait for the DNS TTL': ({ now, since, between }) =>
    tickSeconds(now, { since, deadline: between }, { floor: 60, ceiling: 60 }),
  Bake: ({ now, between, ...wait }) => bakeTick(now, wait, between),
  'Watch the reads': ({ now, between, ...wait }) => bakeTick(now, wait, between),
  'Wait for readers to come back': ({ now, ...wait }) => tickSeconds(now, wait, paces.cut),
  'Wait for retention': ({ now, ...wait }) => tickSeconds(now, wait, paces.retention),
  'Wait for snapshot': usual,
  'Wait for deletion': usual,
  'Wait for removal': usual,
  'Make the copy': usual,
  'Wait for the run on the copy': ({ now, ...wait }) => tickSeconds(now, wait, paces.bake),
  'Remove the copy': ({ now, ...wait }) => tickSeconds(now, wait, paces.catchUp),
};

const iso = (instant: number) => new Date(instant).toISOString();

/** The variables of the machine at that moment. */
function variablesAt({ since, deadline, between, groups, reminded, escalated }: Moment) {
  return {
    waitingSince: iso(since),
    deadline: iso(deadline),
    pauseUntil: iso(deadline),
    bakeUntil: iso(between),
    tests: { failover: { answersAfter: reminded ? 60 : null } },
    nearlySince: reminded ? iso(between) : null,
    window: { opensAt: iso(between), closesAt: iso(deadline), approveBy: iso(deadline) },
    leads: { staleUntil: iso(between) },
    reads: { until: iso(between) },
    askedAt: iso(since),
    remindAt: iso(remindAt({ since, between })),
    escalateAt: iso(between),
    reminded,
    escalated,
    request: { approval: { groups: Array.from({ length: groups }, (_, index) => ({ name: `g${index}` })) } },
  };
}

const hour = 3_600_000;
const start = Date.parse('2026-11-21T08:00:00Z');
const span = fc.oneof(fc.integer({ min: 0, max: 3 * hour }), fc.integer({ min: 0, max: 2_000 * hour }));
const moments: fc.Arbitrary<Moment> = fc
  .record({
    waited: span,
    left: span,
    between: span,
    groups: fc.integer({ min: 1, max: 10 }),
    reminded: fc.boolean(),
    escalated: fc.boolean(),
  })
  .map(({ waited, left, between, ...rest }) => {
    const deadline = start + waited + left;
    return {
      ...rest,
      since: start,
      now: start + waited,
      deadline,
      between: Math.min(start + between, deadline),
    };
  });

describe('the tick of', () => {
  const waits = machines.flatMap((one) => allStates(one.machine)).filter(([, state]) => isOurWait(state));

  it('every wait has a rule', () => {
    expect([...new Set(waits.map(([name]) => name))].sort()).toEqual(Object.keys(rules).sort());
  });

  it.each(waits)('%s is what the rule says', async (name, { TimeoutSeconds }) => {
    await fc.assert(
      fc.asyncProperty(moments, async (moment) => {
        const seconds = await evaluate(TimeoutSeconds, variablesAt(moment), moment.now);
        expect(seconds).toBe(rules[name]?.(moment));
      }),
      { numRuns: 200 },
    );
  });

  it.each(waits)(
    '%s never asks again before a function of 12 s has answered',
    async (_name, { TimeoutSeconds }) => {
      await fc.assert(
        fc.asyncProperty(moments, async (moment) => {
          const late: Wait & Moment = { ...moment, now: moment.deadline + hour };
          expect(await evaluate(TimeoutSeconds, variablesAt(late), late.now)).toBeGreaterThanOrEqual(15);
        }),
        { numRuns: 20 },
      );
    },
  );
});
