import { afterEach, beforeEach, expect, it } from 'vitest';
import { Operator } from './operator.ts';
import { Stage } from './stage.ts';

let stage: Stage;
let operator: Operator;
beforeEach(async () => {
  stage = await Stage.open();
  operator = new Operator(stage);
});
afterEach(() => stage.close());

const evening = { opensAt: '2026-01-01T20:00:00Z', closesAt: '2026-01-01T23:00:00Z' };
const unasked = { approval: { required: false } };
const stopped = 'Stopped before switchover: blue serves production';

const causeOf = (run: string) => stage.account.states.describeExecution(run).cause;

async function pause(run: string): Promise<void> {
  expect(await operator.steer(run, 'pause')).toMatchObject({ kind: 'paused', yours: true });
  await operator.reach(run, 'Wait to be resumed');
}

const questions = () =>
  stage.account.sns.messages.filter(({ topicArn }) => topicArn === stage.account.topics.approvals).length;

it.each([
  ['Wait for green', unasked],
  ['Wait for window', { ...unasked, window: evening }],
] as const)('holds a run in "%s" that asks nobody, and lets it go on', async (state, more) => {
  const run = operator.start(more);
  await operator.reach(run, state);
  await pause(run);
  expect(await operator.steer(run, 'pause')).toMatchObject({ kind: 'paused' });
  await stage.clock.run(stage.clock.sleep(60_000));
  expect(await operator.standing(run)).toMatchObject({
    phase: 'Hold',
    next: expect.stringContaining('npm run resume'),
    waitsFor: [expect.stringMatching(/^a person to resume it: .*ADA.* paused the run: odd lag tonight \(/)],
  });
  expect(await operator.steer(run, 'resume')).toMatchObject({ kind: 'resumed', yours: true });
  await operator.reach(run, state);
  const again = await operator.steer(run, 'resume');
  expect(again).toEqual({ kind: 'refused', message: `it is not paused: it is in "${state}"` });
  expect(await stage.finish(run)).toBe('Green serves production');
});

it('asks people again after a pause of their question, until the same time', async () => {
  const run = operator.start({ approval: { withinHours: 10 } });
  await operator.reach(run, 'Wait for approval');
  await pause(run);
  expect(questions()).toBe(1);
  await operator.steer(run, 'resume');
  await operator.reach(run, 'Wait for approval');
  expect(questions()).toBe(2);
  expect(stage.path(run).filter((state) => state === 'Find the next window')).toHaveLength(1);
});

it('is done, and ended, on the page of the link to stop', async () => {
  const run = operator.start({ approval: { withinHours: 10 } });
  await operator.reach(run, 'Wait for approval');
  const { open, press } = operator.page(operator.question());
  expect((await open()).buttons).toEqual(['pause', 'stop']);
  expect((await press('pause', { phrase: 'wrong words here' })).status).toBe(422);
  await operator.reach(run, 'Wait for approval');
  expect((await press('pause')).text).toContain('The run is paused');
  await operator.reach(run, 'Wait to be resumed');
  const { text, buttons } = await open();
  expect(buttons).toEqual(['resume', 'stop']);
  expect(text).toMatch(/Paused since .*Bob Example \(attested\) paused the run: odd lag tonight/);
  expect((await press('resume')).text).toContain('The run goes on');
  await operator.reach(run, 'Wait for approval');
  expect((await press('resume')).status).toBe(409);
});

it.each([
  ['while green is built', 'Wait for green', unasked, 72],
  ['past its window', 'Wait for window', { ...unasked, window: evening }, 23],
  ['past the time to approve', 'Wait for approval', { approval: { withinHours: 1 } }, 3],
] as const)('stops a run that nobody resumes: %s', async (_what, state, more, hours) => {
  const run = operator.start(more);
  await operator.reach(run, state);
  await pause(run);
  expect(await stage.finish(run)).toBe(stopped);
  expect(causeOf(run)).toMatch(/not resumed before \S+: .*ADA.* paused the run: odd lag tonight/);
  expect(stage.clock.now() - Date.UTC(2026, 0, 1)).toBeLessThan((hours + 4) * 3_600_000);
});

it('may be paused for three days in all', async () => {
  const window = { opensAt: '2026-01-08T20:00:00Z', closesAt: '2026-01-08T23:00:00Z' };
  const run = operator.start({ ...unasked, window });
  await operator.reach(run, 'Wait for green');
  await pause(run);
  await stage.clock.run(stage.clock.sleep(71 * 3_600_000));
  await operator.steer(run, 'resume');
  await operator.reach(run, 'Wait for window');
  await pause(run);
  expect(await stage.finish(run)).toBe(stopped);
  expect(causeOf(run)).toContain('not resumed before 2026-01-04T0');
});

it('lets a paused run be stopped', async () => {
  const run = operator.start(unasked);
  await operator.reach(run, 'Wait for green');
  await pause(run);
  expect(await operator.steer(run, 'stop')).toMatchObject({ kind: 'stopped', yours: true });
  expect(await stage.finish(run)).toBe(stopped);
  expect(await operator.steer(run, 'resume')).toMatchObject({ kind: 'stopped', yours: false });
});

it.each(['Wait for switchover', 'Bake'] as const)('is refused in "%s" with the reason', async (state) => {
  const run = operator.start({ ...unasked, bake: { minutes: 60 } });
  await operator.reach(run, state);
  expect(await operator.steer(run, 'pause')).toEqual({
    kind: 'refused',
    message: `it is in "${state}", and only a wait before the cut can be paused`,
  });
});
