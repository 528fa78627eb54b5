import { describe, expect, it } from 'vitest';
import { notYet } from '../../../functions/domain/model/not-yet.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';
import {
  judgeStep,
  roomForSteps,
  type StepFacts,
  timesOfStep,
  usualOfBlue,
  worstOf,
} from '../../../functions/domain/read-ramp/step.ts';

const minute = 60_000;
const now = Date.parse('2026-11-21T12:00:00Z');
const cpu = { name: 'CPUUtilization', worse: 'higher', floor: 40, ratio: 2 } as const;
const connections = { name: 'DatabaseConnections', worse: 'lower', floor: 5, ratio: 2 } as const;
const points = (name: string, value: number, count = 6) => ({
  name,
  seen: read(Array.from({ length: count }, (_, at) => ({ at: now - at * minute, value }))),
});

describe('the times of a step', () => {
  it('begin when every reader may have the answer, and leave ten minutes for late figures', () => {
    expect(timesOfStep(10, 30, now)).toEqual({
      at: '2026-11-21T12:00:00.000Z',
      since: '2026-11-21T12:01:30.000Z',
      until: '2026-11-21T12:11:30.000Z',
      deadline: '2026-11-21T12:21:30.000Z',
    });
  });

  it('fit into the room that a window keeps for them', () => {
    const { deadline } = timesOfStep(10, 60, now);
    expect(roomForSteps({ steps: [50, 100], minutesEach: 10 })).toBe(
      2 * (Date.parse(deadline) - now) + 5 * minute,
    );
  });
});

describe('what is usual for readers on blue', () => {
  it.each([
    ['the hour before, as most readers have left since', 30, 4, 30],
    ['the same minutes, as everything is busier now', 30, 60, 60],
  ])('is that of %s', (_what, before, meanwhile, usual) => {
    const found = usualOfBlue([cpu], [points(cpu.name, before)], [points(cpu.name, meanwhile)], now);
    expect(found.usual).toMatchObject({ [cpu.name]: { value: usual } });
  });

  it('is the lower one of a metric that is bad when it falls', () => {
    const found = usualOfBlue(
      [connections],
      [points(connections.name, 40)],
      [points(connections.name, 10)],
      now,
    );
    expect(found.usual).toMatchObject({ [connections.name]: { value: 10 } });
  });

  it('is not known where neither has enough points', () => {
    const found = usualOfBlue([cpu], [points(cpu.name, 30, 2)], [points(cpu.name, 30, 2)], now);
    expect(found).toMatchObject({ usual: {}, missing: { [cpu.name]: expect.stringContaining('2 points') } });
  });
});

describe('what is usual where the hour before has too few points', () => {
  it('is that of the same minutes', () => {
    const found = usualOfBlue([cpu], [points(cpu.name, 30, 2)], [points(cpu.name, 60)], now);
    expect(found.usual).toMatchObject({ [cpu.name]: { value: 60 } });
  });
});

describe('the worst of several readers', () => {
  it('is the lowest of a metric that is bad when it falls', () => {
    const readers = [points(connections.name, 20, 1), points(connections.name, 9, 1)];
    expect(worstOf(connections, readers).seen).toEqual(read([{ at: now, value: 9 }]));
  });

  it('is that of each minute', () => {
    expect(worstOf(cpu, [points(cpu.name, 20, 2), points(cpu.name, 90, 1)]).seen).toEqual(
      read([
        { at: now, value: 90 },
        { at: now - minute, value: 20 },
      ]),
    );
  });

  it('is not known where one cannot be read', () => {
    expect(
      worstOf(cpu, [points(cpu.name, 20), { name: cpu.name, seen: unreadable('Forbidden') }]).seen,
    ).toEqual(unreadable('Forbidden'));
  });
});

describe('a step', () => {
  const fine: StepFacts = {
    compared: { kind: 'pass', compared: {} },
    lag: { kind: 'ready', facts: null },
    tooOld: undefined,
    green: { kind: 'ready', facts: null },
    inSync: true,
    isLast: false,
  };
  const open = notYet('something is open', null);

  it.each<[kind: string, when: string, facts: Partial<StepFacts>]>([
    ['good', 'everything is well', {}],
    ['bad', 'a metric is sick or an alarm fires', { compared: { kind: 'fail', because: 'an alarm' } }],
    ['bad', 'rows are too old', { tooOld: 'rows on green are 60 s behind' }],
    ['bad', 'green is broken', { green: { kind: 'no', because: 'INVALID_CONFIGURATION' } }],
    ['bad', 'it cannot be decided', { compared: { kind: 'undecided', because: 'no points', compared: {} } }],
    ['not-yet', 'its time is not over', { compared: open }],
    ['not-yet', 'name servers still answer what was before', { inSync: false }],
    ['not-yet', 'the lag is not known', { lag: open }],
    ['not-yet', 'a member of green is busy', { green: open }],
    ['bad', 'name servers never answered it', { inSync: false, isLast: true }],
    ['bad', 'the lag is not known at its end', { lag: open, isLast: true }],
    ['bad', 'a member of green is busy at its end', { green: open, isLast: true }],
  ])('is %s when %s', (kind, _when, facts) => {
    expect(judgeStep({ ...fine, ...facts }).kind).toBe(kind);
  });

  it('that is good has what was compared, and that alone', () => {
    const compared = { DBLoad: { before: 1, after: 2, points: 9 } };
    expect(judgeStep({ ...fine, compared: { kind: 'pass', compared } })).toEqual({ kind: 'good', compared });
  });

  it.each<[words: string, facts: Partial<StepFacts>]>([
    ['not every name server answers the change yet', { inSync: false }],
    ['no points', { compared: { kind: 'undecided', because: 'no points', compared: {} } }],
    ['something is open; something is open', { lag: open, green: open, isLast: true }],
  ])('says what is not known: %s', (words, facts) => {
    const verdict = judgeStep({ ...fine, ...facts });
    const known = 'it is not known whether green stands its readers: ';
    expect(verdict).toMatchObject({ because: `${verdict.kind === 'bad' ? known : ''}${words}` });
  });

  it('says everything that is bad', () => {
    const verdict = judgeStep({
      ...fine,
      tooOld: 'rows are old',
      compared: { kind: 'fail', because: 'an alarm fires' },
    });
    expect(verdict).toEqual({ kind: 'bad', because: 'rows are old; an alarm fires' });
  });
});
