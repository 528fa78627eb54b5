import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ends } from '../../../functions/domain/model/ends.ts';
import { readApprovals } from '../../../functions/domain/run/approvals.ts';
import { adviseOn } from '../../../functions/domain/run/commands.ts';
import { databaseOf, keyOfWait, type RunFacts } from '../../../functions/domain/run/facts.ts';
import { lagLimit, showLagValue, spanOfLag } from '../../../functions/domain/run/lag-curve.ts';
import { phaseOf, phaseOfState } from '../../../functions/domain/run/phase.ts';
import { readStanding } from '../../../functions/domain/run/standing.ts';
import { byPhase, readTimeline } from '../../../functions/domain/run/timeline.ts';
import { deployment, saturday } from '../sample.ts';

const minute = 60_000;
const executionArn =
  'arn:aws:states:eu-central-1:111122223333:execution:viridian-prod-blue-green-deployment:run-1';

function facts(more: Partial<RunFacts> = {}): RunFacts {
  return {
    executionArn,
    status: 'RUNNING',
    startedAt: new Date(saturday).toISOString(),
    endedAt: null,
    error: null,
    cause: null,
    input: { database: 'orders' },
    entered: [],
    answered: new Map(),
    waits: [],
    reasons: new Map(),
    buildTasks: [],
    until: {},
    request: {},
    deployment: {},
    beforeCut: null,
    decisions: [],
    outcome: null,
    leftOut: 0,
    ...more,
  };
}

const enter = (...states: [state: string, minutes: number][]) =>
  states.map(([state, minutes]) => ({ state, at: saturday + minutes * minute }));
const wait = (state: string, group: string | null = null) => ({
  state,
  kind: group === null ? ('wait' as const) : ('approval' as const),
  group,
  at: saturday,
  may: [],
});

describe('the phases of a run', () => {
  const { States } = JSON.parse(readFileSync('statemachine/blue-green-deployment.asl.json', 'utf8')) as {
    States: Record<string, { ItemProcessor?: { States: object } }>;
  };

  it('have every step of the machine, but for the outcome', () => {
    const inner = Object.values(States).flatMap((state) => Object.keys(state.ItemProcessor?.States ?? {}));
    const without = [...Object.keys(States), ...inner].filter(
      (state) => !state.endsWith('?') && phaseOfState(state) === undefined,
    );
    expect(without.filter((state) => !Object.hasOwn(ends, state))).toEqual(['Record outcome', 'Notify']);
  });

  it.each([
    ['Accept', []],
    ['Accept', ['Validate request']],
    ['Hold', ['Find the next window', 'Ask for approval', 'Wait for approval']],
    ['Close', ['Release the deployment record', 'Record outcome']],
  ])('%s is where a run is that has entered %j', (name, states) => {
    expect(phaseOf(executionArn, states).name).toBe(name);
  });

  it('an execution that goes back has one of its own', () => {
    expect(phaseOf(executionArn.replace('blue-green-deployment', 'roll-back'), ['Bake']).name).toBe(
      'Going back',
    );
  });
});

describe('how a run stands', () => {
  it('since its first look, until the moment of its wait, for the last reason seen', () => {
    const one = facts({
      entered: enter(['Create green', 0], ['Wait for green', 1], ['Wait for green', 2]),
      waits: [wait('Wait for green')],
      reasons: new Map([
        [keyOfWait('Wait for green', null), { because: 'DB is\u001b[2J <creating>', at: 0 }],
      ]),
      until: { deadline: '2026-11-22T08:00:00.000Z', approveBy: '2026-11-23T08:00:00.000Z' },
    });
    expect(readStanding(one, saturday + 5 * minute)).toMatchObject({
      phase: 'Build',
      since: '2026-11-21T08:01:00.000Z',
      until: '2026-11-22T08:00:00.000Z',
      waitsFor: ['green: DB is [2J (creating)'],
      costs: null,
      ended: null,
    });
  });

  it.each([
    ['Wait for approval', { approveBy: 'A', deadline: 'D' }, 'A'],
    ['Bake', { bakeUntil: 'B', deadline: 'D' }, 'B'],
    ['Wait to be resumed', { pauseUntil: 'P', deadline: 'D' }, 'P'],
    ['Wait for retention', { deadline: 'D' }, 'D'],
    ['Wait for retention', {}, null],
  ] as const)('in "%s" with %j until %s', (state, until, expected) => {
    const one = facts({ entered: enter([state, 0]), waits: [wait(state)], until });
    expect(readStanding(one, saturday).until).toBe(expected);
  });

  it('waits for nobody between two waits, whatever moments are known', () => {
    const one = facts({ entered: enter(['Check parity', 0]), until: { deadline: 'D' } });
    expect(readStanding(one, saturday)).toMatchObject({ until: null, waitsFor: [] });
  });

  it.each([
    [
      'FAILED',
      'BlueGreen.StopRequested',
      'Stopped before switchover: blue serves production',
      'Stopped before switchover: blue serves production (BlueGreen.StopRequested)',
    ],
    ['SUCCEEDED', null, 'Green serves production', 'Green serves production'],
    ['ABORTED', null, 'Bake', 'ABORTED'],
  ])('ended as %s, %s in "%s"', (status, error, state, ended) => {
    const one = facts({
      status,
      error,
      entered: enter([state, 0]),
      endedAt: new Date(saturday).toISOString(),
    });
    expect(readStanding(one, saturday)).toMatchObject({ phase: 'Ended', until: null, next: null, ended });
  });
});

describe('what runs beside production', () => {
  const answered = (...states: [state: string, minutes: number][]) =>
    new Map(states.map(([state, minutes]) => [state, saturday + minutes * minute]));

  it.each([
    ['green while it is built', answered(['Create green', 0]), /^green: .*, for 1 h so far$/],
    [
      'old blue after the cut',
      answered(['Create green', 0], ['Verify production', 9]),
      /^old blue: .*, for 1 h so far$/,
    ],
    ['nothing any more', answered(['Create green', 0], ['Wait for removal', 30]), /for 30 min; it is gone$/],
  ])('%s', (_, answers, text) => {
    const one = facts({ answered: answers, deployment: deployment() });
    expect(readStanding(one, saturday + 60 * minute).costs).toMatch(text);
  });
});

describe('the timeline', () => {
  it('counts looks of a wait as one step, by phase', () => {
    const steps = readTimeline(
      facts({
        entered: enter(
          ['Create green', 0],
          ['Wait for green', 1],
          ['Wait for green', 3],
          ['Find the next window', 5],
        ),
      }),
      saturday + 6 * minute,
    );
    expect(byPhase(steps).map(({ phase, seconds }) => [phase, seconds])).toEqual([
      ['Build', 300],
      ['Hold', 60],
    ]);
    expect(steps[1]).toMatchObject({ state: 'Wait for green', visits: 2, seconds: 240 });
  });
});

describe('the curve of the lag', () => {
  const day = 86_400_000;
  const green = { answered: new Map([['Wait for green', saturday]]), deployment: deployment() };

  it.each([
    ['an hour', saturday + 60 * minute, 60],
    ['a day, in at most 240 points', saturday + day, 360],
    ['three weeks, of which CloudWatch keeps five minutes', saturday + 21 * day, 7_800],
    ['three months, of which it keeps hours', saturday + 90 * day, 32_400],
  ])('of %s', (_, now, periodSeconds) => {
    expect(spanOfLag(facts(green), now)).toMatchObject({ since: saturday, until: now, periodSeconds });
  });

  it('ends with the switchover, and is of before it', () => {
    const answered = new Map([...green.answered, ['Start switchover', saturday + 30 * minute]]);
    const before = deployment({ name: 'before' });
    expect(spanOfLag(facts({ ...green, answered, beforeCut: before }), saturday + day)).toMatchObject({
      until: saturday + 30 * minute,
      deployment: { name: 'before' },
    });
  });

  it('is none without green', () => {
    expect(spanOfLag(facts({ deployment: deployment() }), saturday)).toBeUndefined();
  });

  it('has the limit of the request in its unit', () => {
    const one = facts({ request: { lag: { maxSeconds: 10, maxMiB: 16 } } });
    expect([lagLimit(one, 'Seconds'), lagLimit(one, 'Bytes'), lagLimit(facts(), 'Bytes')]).toEqual([
      10,
      16 * 1_048_576,
      undefined,
    ]);
    expect([showLagValue(9.6, 'Seconds'), showLagValue(1_572_864, 'Bytes')]).toEqual(['10 s', '1.5 MiB']);
  });
});

describe('the people', () => {
  const request = { approval: { required: true, groups: [{ name: 'dba' }, { name: 'owners' }] } };

  it('are asked, have answered, or are still to be asked', () => {
    const decision = {
      decision: 'approve',
      group: 'dba',
      by: 'Bob',
      identified: 'attested',
      at: 'T',
      reason: null,
    };
    const one = facts({
      request,
      decisions: [decision as never],
      waits: [wait('Wait for approval', 'owners')],
    });
    expect(readApprovals(one)).toMatchObject([
      { group: 'dba', answer: 'approved', by: 'Bob (name as typed, not verified)' },
      { group: 'owners', answer: 'asked, no answer yet' },
    ]);
    expect(readApprovals(facts({ request, status: 'FAILED' }))).toMatchObject([
      { answer: 'no answer' },
      { answer: 'no answer' },
    ]);
  });

  it('are none where the request asks nobody', () => {
    expect(readApprovals(facts({ request: { approval: { required: false } } }))).toBe('not required');
    expect(readApprovals(facts({ request: { approval: 'odd' } }))).toEqual([]);
  });
});

describe('what to do', () => {
  const commandsOf = (one: RunFacts) =>
    adviseOn(one, 'https://api').flatMap(({ command }) => command?.split(' ')[2] ?? []);

  it('is what the wait is there for', () => {
    const asked = { ...wait('Wait for approval', 'dba'), may: ['stop' as const, 'pause' as const] };
    expect(commandsOf(facts({ waits: [asked] }))).toEqual(['approve', 'pause', 'stop', 'watch']);
    const paused = { ...wait('Wait to be resumed'), may: ['stop' as const, 'resume' as const] };
    expect(commandsOf(facts({ waits: [paused] }))).toEqual(['resume', 'stop', 'watch']);
    const baking = { ...wait('Bake'), may: ['stop' as const, 'ask-to-go-back' as const] };
    expect(commandsOf(facts({ waits: [baking] }))).toEqual(['go-back', 'stop', 'watch']);
    expect(commandsOf(facts())).toEqual(['watch']);
  });

  it('is on one line each', () => {
    const asked = { ...wait('Wait for approval', 'dba'), may: ['stop' as const] };
    for (const { command } of adviseOn(facts({ waits: [asked] }), 'https://api'))
      expect(command).toMatch(/^npm run [^\n]+$/);
  });

  it('at the end is what the outcome advises', () => {
    const ended = { status: 'FAILED', endedAt: '2026-11-21T09:00:00.000Z' };
    const told = facts({ ...ended, outcome: { next: ['Remove the cause'] } });
    expect(adviseOn(told, '').map(({ text }) => text)).toEqual(['Remove the cause', 'Verify its record']);
    expect(adviseOn(facts(ended), '')[0]?.text).toContain('without an outcome');
  });
});

it('names the database as RDS, the request or the input does', () => {
  expect(databaseOf(facts({ deployment: deployment() }))).toBe('orders');
  expect(databaseOf(facts({ input: { database: 'shop' } }))).toBe('shop');
  expect(databaseOf(facts({ input: { database: { odd: true } } }))).toBeNull();
});
