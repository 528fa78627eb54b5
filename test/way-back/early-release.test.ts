import { expect, test } from 'vitest';
import type { StateName } from '../../functions/domain/model/states.ts';
import { defaultTimings } from '../../packages/local-aws/rds/timings.ts';
import { enteredStates } from '../../rehearsal/invariants/evidence.ts';
import { kinds } from '../simulation/databases.ts';
import { alarm, hook, pass, rdsPlays, type Trouble, when } from '../simulation/faults.ts';
import { play } from '../simulation/play.ts';
import type { Ending, Request } from '../simulation/run.ts';
import { ends, errors } from '../simulation/scenarios/scenario.ts';
import { hookArn } from '../simulation/stage.ts';

const ask = {
  wayBack: { login: {}, applicationRoles: ['app'] },
  bake: { minutes: 20, alarms: ['errors'] },
};

const enteredAt = ({ evidence }: Ending, state: StateName): number =>
  enteredStates(evidence.history).find(({ name }) => name === state)?.at ?? Number.NaN;

/** RDS undoes the switchover ten seconds after it has opened green. */
const putsBack = rdsPlays({ moment: 'opened', effect: { putBackAfterMs: 10_000 } });
const applicationWrites = (rows: number): Trouble =>
  when('Release application writes', ({ databases }) => {
    for (const green of databases.marks.keys()) databases.written.set(green, rows);
  });

const playUndone = (...troubles: Trouble[]) =>
  play(kinds.postgres, {
    what: '',
    ask,
    troubles: [alarm('OK'), putsBack, ...troubles],
    end: ends.rolledBack,
  });

test('rows that were written on green before RDS put the switchover back are counted, named and kept', async () => {
  const ending = await playUndone(applicationWrites(3));
  expect([ending.end, ending.error, ending.serves]).toEqual([ends.rolledBack, errors.rolledBack, 'blue']);
  const { subject, message = '' } = ending.evidence.announcements.at(-1) ?? {};
  expect(subject).toMatch(/^\[PAGE\] Rows may stand on green alone\./);
  const text = message.replace(/\s+/g, ' ');
  expect(text).toContain('which stand on no other server: 3 in database shop');
  expect(text).toContain("in database shop: SELECT * FROM viridian.changed_tables('viridian_way_back_shop')");
  expect(text).not.toContain('"adopt": "bgd-');
  expect(ending.evidence.leftovers).toEqual([expect.stringMatching(/^slot on /)]);
  expect(ending.broken).toEqual([]);
});

test('nobody is called at once where no row was written on green', async () => {
  const ending = await playUndone();
  expect([ending.end, ending.serves]).toEqual([ends.rolledBack, 'blue']);
  const { subject, message = '' } = ending.evidence.announcements.at(-1) ?? {};
  expect(subject).toMatch(/^\[ACT\] Switchover rolled back/);
  expect(message.replace(/\s+/g, ' ')).toContain('no row was written there meanwhile');
  expect(ending.broken).toEqual([]);
});

test('rows that cannot be counted are told as rows that may be there', async () => {
  const ending = await playUndone(
    when('Record outcome', ({ databases }) => {
      databases.instead.set('takes-writes', { kind: 'failed', code: 'ECONNREFUSED', because: 'no answer' });
    }),
  );
  const { subject, message = '' } = ending.evidence.announcements.at(-1) ?? {};
  expect(subject).toMatch(/^\[PAGE\] Rows may stand on green alone\./);
  expect(message.replace(/\s+/g, ' ')).toContain('could not be counted');
  expect(ending.evidence.leftovers).toHaveLength(1);
});

const laggingNames = rdsPlays({ moment: 'names-after-cut', effect: { staleForMs: 20_000 } });
/** RDS says a minute after its cut that it is done. */
const timings = { ...defaultTimings, finishSwitchover: 60_000 };
const playLagging = (more: Request, ...troubles: Trouble[]) => {
  const lagging = [alarm('OK'), laggingNames, ...troubles];
  return play(
    kinds.postgres,
    { what: '', ask: { ...ask, ...more }, troubles: lagging, end: ends.green },
    { timings },
  );
};
/** Seconds from the moment at which green was opened. */
const heldFor = (ending: Ending, released: StateName) => {
  const opened = ending.evidence.writability.findLast(({ writable }) => writable)?.at ?? Number.NaN;
  return (enteredAt(ending, released) - opened) / 1_000;
};

test('roles that are held on green are released by its own name while that of production lags', async () => {
  const ending = await playLagging({});
  expect(ending.end).toBe(ends.green);
  expect(heldFor(ending, 'Release application writes')).toBeLessThan(2);
});

test('the own name of a green that could be taken for production before the cut proves nothing', async () => {
  const ending = await playLagging({}, ({ databases }) => {
    databases.behaviour.looksOpen = true;
  });
  expect(ending.end).toBe(ends.green);
  expect(heldFor(ending, 'Secure the way back')).toBeGreaterThan(18);
  expect(heldFor(ending, 'Find production side')).toBeGreaterThan(50);
});

test('writes that a hook holds resume only once the name of production leads to new production', async () => {
  const given: unknown[] = [];
  const hooks = { stopWrites: { arn: hookArn('stop') }, resumeWrites: { arn: hookArn('resume') } };
  const ending = await playLagging(
    { hooks, wayBack: { login: {} } },
    hook('stop', () => pass),
    hook('resume', (event) => {
      given.push((event as { endpoint: string }).endpoint);
      return pass;
    }),
  );
  expect(ending.end).toBe(ends.green);
  expect(heldFor(ending, 'Resume writes')).toBeGreaterThan(18);
  expect(heldFor(ending, 'Resume writes')).toBeLessThan(heldFor(ending, 'Find production side'));
  expect(given).toEqual([expect.stringMatching(/^orders\./)]);
});
