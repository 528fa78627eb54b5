import { describe, expect, it } from 'vitest';
import { describeMoment, foldLine, openScreen } from '../../rehearsal/live-line.ts';
import { readDeadline } from '../../rehearsal/progress.ts';
import { expectAfterRun } from '../../rehearsal/scenario.ts';

const tasks = [{ Status: 'COMPLETED' }, { Status: 'COMPLETED' }, { Status: 'IN_PROGRESS' }];

const nowhere = {
  state: '',
  phase: undefined,
  leftMs: undefined,
  tasks: [],
  lagBytes: null,
  acknowledged: 0,
};

describe('the live line', () => {
  it.each([
    [
      { ...nowhere, state: 'Wait for green', phase: 'Build', tasks, leftMs: 240_000 },
      '  12 s  Build: Wait for green  green 67 %, at most 4 min, 38 writes/s',
    ],
    [
      { ...nowhere, state: 'Bake', phase: 'Prove', lagBytes: 1_572_864, leftMs: 4_000 },
      '  12 s  Prove: Bake  at most 4 s, lag 1.5 MiB, 38 writes/s',
    ],
    [{ ...nowhere, state: 'Notify', leftMs: -1 }, '  12 s  Notify  38 writes/s'],
    [
      { ...nowhere, state: 'Wait for replication to catch up', phase: 'Hold', lagBytes: 0, leftMs: 35_000 },
      '  12 s  Hold: Wait for replication t...  at most 35 s, lag 0.0 MiB, 38 writes/s',
    ],
  ])('%j', (moment, line) => {
    expect(describeMoment(moment, 12.3, 37.6)).toBe(line);
  });

  it('fits into 80 columns', () => {
    const state = 'Ask whether the deployment record of a long name may be released and all of that';
    expect(
      describeMoment({ ...nowhere, state, phase: 'Hold', tasks, lagBytes: 5e9 }, 4_000, 90).length,
    ).toBeLessThan(80);
  });

  it('is not there without a terminal, and lines are plain', () => {
    const written: string[] = [];
    const screen = openScreen({ isTTY: false, write: (text: string) => written.push(text) } as never);
    screen.print('NOT as expected.');
    expect([screen.show, written]).toEqual([undefined, ['NOT as expected.\n']]);
  });

  it('comes back under what is printed', () => {
    const written: string[] = [];
    const screen = openScreen({
      isTTY: true,
      columns: 80,
      write: (text: string) => written.push(text),
    } as never);
    screen.show?.('  12 s  Bake');
    screen.print('a line');
    expect(written.at(-1)).toBe('\r\u001b[Ka line\n  12 s  Bake');
  });
});

it('a long line goes on under its value, and a link stays whole', () => {
  const link = `http://127.0.0.1/approval?${'x'.repeat(120)}`;
  const lines = foldLine(
    `  clients            plain, start-up option, single statements, BEGIN READ WRITE, pooler`,
    60,
  );
  expect(lines).toEqual([
    '  clients            plain, start-up option, single',
    '                     statements, BEGIN READ WRITE, pooler',
  ]);
  expect(foldLine(`    ${link}`, 80)).toEqual([`    ${link}`]);
});

describe('a person who ends a rehearsal', () => {
  const scenario = { expectedEnd: 'Green serves production' } as const;
  const stopped = 'Stopped before switchover: blue serves production';
  it.each([
    ['ask', 'BlueGreen.ApprovalDenied', stopped],
    ['ask', 'BlueGreen.StopRequested', stopped],
    ['ask', 'BlueGreen.NotReadyInTime', 'Green serves production'],
    ['ask', null, 'Green serves production'],
    ['yes', 'BlueGreen.ApprovalDenied', 'Green serves production'],
  ] as const)('with the answer %s and the error %s expects: %s', (answer, error, end) => {
    expect(expectAfterRun(scenario, { answer }, { error, upgradeRefused: false, noWayBack: false })).toBe(
      end,
    );
  });
});

it.each([
  [
    'pg_upgrade refuses',
    { upgradeRefused: true, noWayBack: false },
    'Stopped before switchover: blue serves production',
  ],
  ['allows no way back', { upgradeRefused: false, noWayBack: true }, 'Green serves production'],
] as const)('a rehearsal of what %s does not expect to go back', (_what, learned, end) => {
  const scenario = { expectedEnd: 'Went back: blue serves production' } as const;
  expect(expectAfterRun(scenario, { answer: 'yes' }, { error: null, ...learned })).toBe(end);
});

it.each([
  ['Wait for green', '2026-11-29T12:00:00.000Z'],
  ['Wait for approval', '2026-11-29T14:00:00.000Z'],
  ['Bake', '2026-11-29T13:00:00.000Z'],
  ['Start switchover', undefined],
])('%s is over at the latest at %s', (state, at) => {
  const variables = {
    deadline: '"2026-11-29T12:00:00.000Z"',
    bakeUntil: '"2026-11-29T13:00:00.000Z"',
    window: '{"approveBy":"2026-11-29T14:00:00.000Z"}',
  };
  expect(readDeadline(state, variables)).toBe(at && Date.parse(at));
});
