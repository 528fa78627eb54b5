import { describe, expect, it } from 'vitest';
import type { EndName } from '../../../functions/domain/model/ends.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';
import type { StateName } from '../../../functions/domain/model/states.ts';
import type { OutcomeFacts } from '../../../functions/domain/outcome/facts.ts';
import { composeOutcome } from '../../../functions/domain/outcome/outcome.ts';
import type { Standing } from '../../../functions/domain/outcome/standing-facts.ts';
import type { TakenIn } from '../../../functions/domain/way-back/taken-in.ts';
import { deployment, executionArn, outcomeFacts } from '../sample.ts';

const held: Standing = {
  kind: 'held roles',
  what: 'the roles app are held',
  on: 'new production orders (db-GREEN)',
  resourceId: 'db-GREEN',
  remove: {
    sql: "SELECT viridian.hold_role('app', false);",
    database: 'app',
    as: 'the master user',
    address: 'orders.example:5432',
  },
  safe: 'at any time',
  hurts: true,
};

function outcomeOf(end: EndName, more: Partial<OutcomeFacts> = {}) {
  const endState = {
    production: read(end.includes('green') || end.startsWith('Green') ? 'db-GREEN' : 'db-ORDERS'),
  };
  return composeOutcome(outcomeFacts(end, { endState, ...more }));
}

const incomplete = 'Green serves production, clean-up incomplete';
const stopped = 'Stopped before switchover: blue serves production';
const wentBack = 'Went back: blue serves production';
const rolledBack = 'Switchover rolled back: blue serves production';
const early = (takenIn: TakenIn) => ({ at: 'orders.example:5432', slots: [], takenIn });
const failed = (state: StateName, error: string) => ({ failure: { state, error, cause: 'x' } });

describe('the subject of an end', () => {
  it.each<[EndName, Partial<OutcomeFacts>, string]>([
    ['Green serves production', {}, '[OK] Green serves production (orders)'],
    [
      'Green serves production',
      { standing: [held] },
      '[PAGE] Writes are held. Green serves production (orders)',
    ],
    [
      incomplete,
      failed('Bake', 'BlueGreen.TestFailed'),
      '[PAGE] New production is not well: "Bake" failed (orders)',
    ],
    [
      incomplete,
      {
        failure: {
          state: 'Bake',
          error: 'BlueGreen.NotReadyInTime',
          cause: 'the bake is undecided: no data',
        },
      },
      '[ACT] Judge new production yourself: the bake is undecided (orders)',
    ],
    [incomplete, failed('Take final snapshot', 'BlueGreen.Busy'), `[ACT] ${incomplete} (orders)`],
    [
      'Refused: nothing was changed',
      failed('Check preconditions', 'BlueGreen.PreconditionFailed'),
      '[ACT] Refused: nothing was changed (orders)',
    ],
    [
      'Outcome unknown: look before any retry',
      failed('Find production side', 'BlueGreen.OutcomeUnknown'),
      '[PAGE] Outcome unknown: look before any retry (orders)',
    ],
    [
      'Green serves production',
      { endState: { production: read('db-ELSE') } },
      '[PAGE] Green serves production (orders)',
    ],
    [
      'Green serves production',
      { endState: { production: unreadable('Throttling') } },
      '[OK] Green serves production (orders)',
    ],
    [
      'Green serves production',
      failed('Announce the start', 'BlueGreen.Busy'),
      '[ACT] Green serves production (orders)',
    ],
    [stopped, {}, `[ACT] ${stopped} (orders)`],
    [
      stopped,
      failed('Get the approval of every group', 'BlueGreen.ApprovalDenied'),
      `[ACT] People said no. ${stopped} (orders)`,
    ],
    // Somebody else's failure of the same state has nothing to judge while blue serves.
    [stopped, failed('Bake', 'BlueGreen.NotReadyInTime'), `[ACT] ${stopped} (orders)`],
    ['Went back: blue serves production', {}, `[OK] This run was undone. ${wentBack} (orders)`],
    [
      'Went back: blue serves production',
      { going: { run: executionArn, loss: null, accepted: null } },
      `[OK] ${wentBack} (orders)`,
    ],
    [
      'Going back incomplete: look before any retry',
      failed('Read the run', 'BlueGreen.Busy'),
      '[ACT] Going back incomplete: look before any retry (orders)',
    ],
    // It has moved nothing, so that new production serves as before.
    [
      'Going back incomplete: look before any retry',
      { ...failed('Read the run', 'BlueGreen.Busy'), endState: { production: read('db-GREEN') } },
      '[ACT] Going back incomplete: look before any retry (orders)',
    ],
    [
      'Going back incomplete: look before any retry',
      failed('Swap the endpoint', 'BlueGreen.Busy'),
      '[PAGE] Going back incomplete: look before any retry (orders)',
    ],
    [
      'Green serves production',
      { standing: [{ ...held, kind: 'closed database' }] },
      '[PAGE] Writes are held. Green serves production (orders)',
    ],
    [
      'Green serves production',
      { standing: [{ ...held, hurts: false }] },
      '[OK] Green serves production (orders)',
    ],
    [
      'Green serves production',
      { standing: [{ ...held, kind: 'slot' }] },
      '[OK] Green serves production (orders)',
    ],
    [
      'Switchover rolled back: blue serves production',
      {
        ...failed('Wait for switchover', 'BlueGreen.SwitchoverRolledBack'),
        early: early({ rows: { app: '3' } }),
      },
      `[PAGE] Rows may stand on green alone. ${rolledBack} (orders)`,
    ],
    [
      'Switchover rolled back: blue serves production',
      { ...failed('Wait for switchover', 'BlueGreen.SwitchoverRolledBack'), early: early({ rows: {} }) },
      `[ACT] ${rolledBack} (orders)`,
    ],
    ...(['Verify production', 'Test production'] as const).map(
      (state): [EndName, Partial<OutcomeFacts>, string] => [
        incomplete,
        failed(state, 'BlueGreen.TestFailed'),
        `[PAGE] New production is not well: "${state}" failed (orders)`,
      ],
    ),
    // A test of something else.
    [incomplete, failed('Wait for the last changes', 'BlueGreen.TestFailed'), `[ACT] ${incomplete} (orders)`],
    [stopped, failed('Bake', 'BlueGreen.TestFailed'), `[ACT] ${stopped} (orders)`],
  ])('%s', (end, more, subject) => {
    expect(outcomeOf(end, more).subject).toBe(subject);
  });

  it('names what is held before it names the database that serves, and has the statement on a line of its own', () => {
    const { text, json } = outcomeOf('Green serves production', { standing: [held] });
    expect(text).toMatch(/Where writes go now\n {2}- WRITES ARE HELD on new production orders/);
    expect(text.split('\n')).toContain("    SELECT viridian.hold_role('app', false);");
    expect(json).toMatchObject({ severity: 'PAGE', standing: [{ kind: 'held roles' }] });
  });

  it('never wraps a command', () => {
    const { text } = outcomeOf('Stopped before switchover: blue serves production', {
      ...failed('Check parity', 'BlueGreen.TestFailed'),
      endState: {
        production: read('db-ORDERS'),
        green: read(deployment().green ?? null),
        record: read({ id: 'bgd-1234567890abcdef', status: 'AVAILABLE' }),
      },
    });
    expect(text.split('\n')).toContain(
      '    aws rds delete-blue-green-deployment --blue-green-deployment-identifier bgd-1234567890abcdef --delete-target',
    );
  });
});
