import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ends } from '../../../functions/domain/model/ends.ts';
import { readApprovals } from '../../../functions/domain/run/approvals.ts';
import { adviseOn } from '../../../functions/domain/run/commands.ts';
import { databaseOf, keyOfWait, nameOfRun, type RunFacts } from '../../../functions/domain/run/facts.ts';
import { lagLimit, showLagValue, spanOfLag } from '../../../functions/domain/run/lag-curve.ts';
import { listedPhase } from '../../../functions/domain/run/list.ts';
import { phaseOf, phaseOfState } from '../../../functions/domain/run/phase.ts';
import { readStanding } from '../../../functions/domain/run/standing.ts';
import { byPhase, readTimeline } from '../../../functions/domain/run/timeline.ts';
import { blueSide, deployment, saturday } from '../sample.ts';

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

describe('what runs beside production, in detail', () => {
  const steps = (...states: [state: string, minutes: number][]) =>
    new Map(states.map(([state, minutes]) => [state, saturday + minutes * minute]));
  const clone = blueSide({ id: 'orders-back' });
  const ended = { status: 'FAILED', endedAt: new Date(saturday + 20 * minute).toISOString() };
  const size = '1 x db.r7g.large with standby, and 100 GiB of storage each, by the hour';

  it.each<[string, Partial<RunFacts>, string | null]>([
    ['nothing, while nothing is made', { answered: steps() }, null],
    [
      'green, as it is not known yet',
      { answered: steps(['Create green', 0]), deployment: {} },
      'green: its size is not known yet, for 30 min so far',
    ],
    [
      'old blue, until it is deleted',
      { answered: steps(['Create green', 0], ['Verify production', 5], ['Wait for deletion', 10]) },
      `old blue: ${size}, for 10 min; it is gone`,
    ],
    [
      'green, when the run ended and left it',
      { ...ended, answered: steps(['Create green', 0]) },
      `green: ${size}, for 20 min until the end of the run; look whether it still runs`,
    ],
    [
      'a clone of old blue',
      { answered: steps(['Make the rollback target', 10]), deployment: deployment({ clone }) },
      `clone of old blue: ${size}, for 20 min so far`,
    ],
    [
      'a clone that is gone',
      {
        answered: steps(['Make the rollback target', 10], ['Remove the rollback target', 12]),
        deployment: deployment({ clone }),
      },
      `clone of old blue: ${size}, for 2 min; it is gone`,
    ],
    ['no clone that nobody knows', { answered: steps(['Make the rollback target', 10]) }, null],
    [
      'both',
      {
        answered: steps(['Create green', 0], ['Make the rollback target', 10]),
        deployment: deployment({ clone }),
      },
      `green: ${size}, for 30 min so far; clone of old blue: ${size}, for 20 min so far`,
    ],
  ])('%s', (_what, more, costs) => {
    const one = facts({ deployment: deployment(), ...more });
    expect(readStanding(one, saturday + 30 * minute).costs).toBe(costs);
  });
});

describe('what a run waits for', () => {
  const waits = (state: string, group: string | null = null) => {
    const reasons = new Map([['Wait for the last changes/', { because: 'x', at: 0 }]]);
    const one = facts({ entered: enter([state, 0]), waits: [wait(state, group)], reasons });
    return readStanding(one, saturday);
  };
  it.each([
    ['Wait for approval', 'dba', 'an answer of group dba'],
    ['Wait to be resumed', null, 'a person to resume it: the look is under way'],
    ['Wait for the last changes', null, 'the last changes: x'],
    ['Look and Wait for it', null, 'Look and Wait for it: the look is under way'],
  ])('"%s", of group %s', (state, group, told) => {
    expect(waits(state, group).waitsFor).toEqual([told]);
  });
  it.each([
    ['Wait to be resumed', 'somebody resumes or stops it: npm run resume, npm run stop'],
    ['Wait for approval', 'everything is read once more, then the cut'],
    ['Wait for green', 'people are asked, then the window and green catching up are waited for'],
    ['Validate request', 'green is built'],
    ['Bake', 'the way back is closed, old blue is kept or deleted'],
    ['Wait for deletion', 'the run ends'],
  ])('in "%s" the next thing is that %s', (state, next) => {
    expect(waits(state).next).toBe(next);
  });
  it('is nothing before the first state was entered, since the run began', () => {
    expect(readStanding(facts(), saturday)).toMatchObject({
      state: 'not begun',
      since: '2026-11-21T08:00:00.000Z',
      phase: 'Accept',
      waitsFor: [],
    });
  });
  it('is that of the state in the time of DNS, too', () => {
    const state = 'Wait for the DNS TTL';
    const until = { staleUntil: 'S', deadline: 'D' };
    const one = facts({ entered: enter([state, 0]), waits: [wait(state)], until });
    expect(readStanding(one, saturday).until).toBe('S');
  });
  it('ends with its status where a run died before any state', () => {
    const ended = { status: 'TIMED_OUT', endedAt: new Date(saturday).toISOString() };
    expect(readStanding(facts(ended), saturday)).toMatchObject({ ended: 'TIMED_OUT', waitsFor: [] });
    expect(readStanding(facts({ ...ended, error: 'States.Timeout' }), saturday).ended).toBe('States.Timeout');
  });
});

it.each([
  ['one of two', ['Bake', 'Record outcome'], 'Prove', 'Record outcome'],
  ['Green is built', ['Create green', 'Wait for green', 'Is green ready?'], 'Build', 'Wait for green'],
  ['nothing was entered', [], 'Accept', null],
])('a list of runs has the phase and the newest step of each: %s', (_what, states, phase, state) => {
  expect(listedPhase(executionArn, states)).toEqual({ phase, state });
});

describe('the timeline', () => {
  it('has a phase for the outcome, and begins as the execution does', () => {
    const entered = enter(['A state of no phase', 0], ['Bake', 1], ['Record outcome', 2]);
    const phasesOf = (arn: string) =>
      readTimeline(facts({ entered, executionArn: arn }), saturday).map(({ phase }) => phase);
    expect(phasesOf(executionArn)).toEqual(['Accept', 'Prove', 'Outcome']);
    const back = executionArn.replace('blue-green-deployment', 'roll-back');
    expect(phasesOf(back)[0]).toBe('Going back');
  });

  it('lasts until the end of a run that has ended, and is empty before it began', () => {
    const endedAt = new Date(saturday + 2 * minute).toISOString();
    const steps = readTimeline(facts({ entered: enter(['Bake', 0]), endedAt }), saturday + 9 * minute);
    expect(steps.map(({ seconds }) => seconds)).toEqual([120]);
    expect(readTimeline(facts(), saturday)).toEqual([]);
  });

  it('has the steps of a phase together, and the phase again when the run comes to it again', () => {
    const entered = enter(['Create green', 0], ['Wait for green', 1], ['Bake', 2], ['Create green', 3]);
    const spans = byPhase(readTimeline(facts({ entered }), saturday + 4 * minute));
    expect(
      spans.map(({ phase, seconds, steps }) => [phase, seconds, steps.map(({ state }) => state)]),
    ).toEqual([
      ['Build', 120, ['Create green', 'Wait for green']],
      ['Prove', 60, ['Bake']],
      ['Build', 60, ['Create green']],
    ]);
  });
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

  it.each<[string, Partial<RunFacts>]>([
    ['green is not ready', { deployment: deployment() }],
    ['green is not known', { ...green, deployment: deployment({ green: undefined }) }],
    ...(['database', 'blue', 'replication'] as const).map((name): [string, Partial<RunFacts>] => [
      `${name} is not known`,
      { ...green, deployment: { ...deployment(), [name]: undefined } as never },
    ]),
  ])('is none where %s', (_what, more) => {
    expect(spanOfLag(facts(more), saturday)).toBeUndefined();
  });

  it.each<[string, [state: string, minutes: number][], string | null, number]>([
    ['the end of the run', [], new Date(saturday + 20 * minute).toISOString(), 20],
    ['the removal of green', [['Wait for removal', 10]], null, 10],
    [
      'now, where a switchover was asked for before green was ready again',
      [['Start switchover', 0]],
      null,
      60,
    ],
  ])('ends with %s', (_what, more, endedAt, minutes) => {
    const answered = new Map([
      ...green.answered,
      ...more.map(([state, at]): [string, number] => [state, saturday + at * minute]),
    ]);
    expect(spanOfLag(facts({ ...green, answered, endedAt }), saturday + 60 * minute)?.until).toBe(
      saturday + minutes * minute,
    );
  });

  it.each([
    ['half a month', 15, 300],
    ['nine weeks', 63, 3_600],
    ['more than a year', 460, 3_600],
  ])('of an hour, %s ago, has the period that CloudWatch still keeps', (_what, days, periodSeconds) => {
    const endedAt = new Date(saturday + 60 * minute).toISOString();
    expect(spanOfLag(facts({ ...green, endedAt }), saturday + days * day)).toMatchObject({ periodSeconds });
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

  it.each([
    ['not asked yet', {}],
    ['no answer', { status: 'ABORTED' }],
  ])('have nothing said so far: %s', (answer, more) => {
    const nobody = { by: null, at: null, reason: null };
    expect(readApprovals(facts({ request, ...more }))).toEqual([
      { group: 'dba', answer, ...nobody },
      { group: 'owners', answer, ...nobody },
    ]);
  });

  it('have answered last what counts, also a group that no request names', () => {
    const said = {
      decision: 'approve',
      group: 'ops',
      by: 'Ann',
      identified: 'authenticated',
      at: 'T',
      reason: 'x',
    };
    const decisions = [
      { ...said, decision: 'approve' },
      { ...said, decision: 'reject' },
    ] as never[];
    expect(readApprovals(facts({ decisions }))).toEqual([
      { group: 'ops', answer: 'rejected', by: 'Ann (verified by IAM)', at: 'T', reason: 'x' },
    ]);
  });

  it('asked anew count as asked, whatever they answered before', () => {
    const said = {
      decision: 'approve',
      group: 'dba',
      by: 'Ann',
      identified: 'attested',
      at: 'T',
      reason: null,
    };
    const one = facts({ decisions: [said] as never[], waits: [wait('Wait for approval', 'dba')] });
    expect(readApprovals(one)).toMatchObject([{ group: 'dba', answer: 'asked, no answer yet', by: null }]);
  });

  it('are read from a request that may hold anything', () => {
    const groups = [null, { name: 7 }, { name: 'dba' }, 'x'];
    expect(readApprovals(facts({ request: { approval: { groups } } }))).toMatchObject([{ group: 'dba' }]);
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

  it('has a reason to be filled in, but for the question whether to go back', () => {
    const baking = { ...wait('Bake'), may: ['stop' as const, 'ask-to-go-back' as const] };
    const [goBack, stop] = adviseOn(facts({ waits: [baking] }), 'https://api').map(({ command }) => command);
    expect(goBack).toBe(`npm run go-back -- --api https://api --execution ${executionArn}`);
    expect(stop).toBe(`npm run stop -- --api https://api --execution ${executionArn} --reason 'WHY'`);
  });

  it('at the end has the day from which on its record is looked for', () => {
    const endedAt = '2026-11-21T09:00:00.000Z';
    expect(adviseOn(facts({ status: 'FAILED', endedAt }), '').at(-1)?.command).toMatch(/ --from 2026-11-21$/);
  });

  it('is nothing of an outcome that holds anything else', () => {
    const told = (next: unknown) =>
      adviseOn(facts({ status: 'FAILED', outcome: { next } }), '').map(({ text }) => text);
    expect(told('Remove')).toEqual([expect.stringContaining('without an outcome'), 'Verify its record']);
    expect(told([7, 'Remove it'])).toEqual(['Remove it', 'Verify its record']);
  });

  it('at the end is what the outcome advises', () => {
    const ended = { status: 'FAILED', endedAt: '2026-11-21T09:00:00.000Z' };
    const told = facts({ ...ended, outcome: { next: ['Remove the cause'] } });
    expect(adviseOn(told, '').map(({ text }) => text)).toEqual(['Remove the cause', 'Verify its record']);
    expect(adviseOn(facts(ended), '')[0]?.text).toContain('without an outcome');
  });
});

it('names a wait by its state and its group, and a run by the last part of its ARN', () => {
  expect([keyOfWait('Wait for approval', 'dba'), keyOfWait('Bake', null)]).toEqual([
    'Wait for approval/dba',
    'Bake/',
  ]);
  expect(nameOfRun({ executionArn })).toBe('run-1');
});

it('names the database as RDS, the request or the input does', () => {
  expect(databaseOf(facts({ request: { database: 'mail' }, input: { database: 'shop' } }))).toBe('mail');
  expect(databaseOf(facts({ deployment: deployment() }))).toBe('orders');
  expect(databaseOf(facts({ input: { database: 'shop' } }))).toBe('shop');
  expect(databaseOf(facts({ input: { database: { odd: true } } }))).toBeNull();
});
