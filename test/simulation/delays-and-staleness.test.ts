import { describe, expect, test } from 'vitest';
import type { Fault } from '../../packages/local-aws/rds/faults.ts';
import { type Kind, kinds } from './databases.ts';
import { alarm, rdsPlays } from './faults.ts';
import { person } from './person.ts';
import { play, servesAt } from './play.ts';
import { ends, errors, type Scenario } from './scenarios/scenario.ts';
import { minute, type StageOptions } from './stage.ts';

/** Runs that must end the same under every disturbance. */
const runs: Scenario[] = [
  {
    what: 'a run that deletes old blue',
    ask: ({ deleteOldBlue }) => ({
      approval: { withinHours: 1 },
      bake: { minutes: 2, alarms: ['errors'] },
      oldBlue: deleteOldBlue,
    }),
    troubles: [alarm('OK'), person({ answer: 'approve' })],
    end: ends.green,
  },
  {
    what: 'a run whose green cannot be built',
    troubles: [rdsPlays({ moment: 'build', effect: { fail: 'a parameter is not valid' } })],
    end: ends.stopped,
    error: errors.provisioning,
  },
  {
    what: 'a switchover that a guardrail refuses',
    troubles: [rdsPlays({ moment: 'guardrails', effect: { refuse: 'DDL is running' } })],
    end: ends.rolledBack,
    error: errors.rolledBack,
  },
];

const event = (effect: Extract<Fault, { moment: 'event' }>['effect']): Fault => ({ moment: 'event', effect });

const disturbances: { disturbance: string; fault?: Fault; options?: StageOptions }[] = [
  { disturbance: 'every event is lost', fault: event('drop') },
  { disturbance: 'every event comes twice', fault: event('duplicate') },
  { disturbance: 'every event comes ten minutes late', fault: event({ delayMs: 10 * minute }) },
  { disturbance: 'RDS throttles', options: { throttling: true } },
  { disturbance: 'a reading after each change is old', options: { staleReads: 1 } },
  { disturbance: 'three readings after each change are old', options: { staleReads: 3 } },
  { disturbance: 'five readings after each change are old', options: { staleReads: 5 } },
];

const chosen: Kind[] = [kinds.replica, kinds.auroraPostgres];

describe.each(chosen)('$name', (kind) => {
  describe.each(runs)('$what', (scenario) => {
    test.each(disturbances)('ends the same when $disturbance', async ({ fault, options }) => {
      const troubles = [...(scenario.troubles ?? []), ...(fault ? [rdsPlays(fault)] : [])];
      const ending = await play(kind, { ...scenario, troubles }, options);
      expect(ending).toMatchObject({ end: scenario.end, serves: servesAt(scenario), broken: [] });
      expect(ending.error).toBe(scenario.error);
    });
  });
});
