import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StateName } from '../../functions/domain/model/states.ts';
import { Stage } from './stage.ts';

interface Call {
  stage: string;
  endpoint: string;
  executionArn: string;
  token?: string;
}

const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:viridian-hook-writes';
const pass = { verdict: 'pass', because: 'done' };

let stage: Stage;
/** Calls of the hook by executions that go back. */
let calls: Call[];
/** What the hook answers; a callback hook answers by its token. */
let answer: (call: Call) => unknown;

beforeEach(async () => {
  stage = await Stage.open();
  calls = [];
  answer = () => pass;
  stage.account.lambda.register('viridian-hook-writes', (payload) => {
    const call = payload as Call;
    if (!call.executionArn.includes('roll-back')) return reply(call, pass);
    calls.push(call);
    return reply(call, answer(call));
  });
});
afterEach(() => {
  expect(stage.doubleWriters()).toEqual([]);
  stage.close();
});

function reply({ token }: Call, said: unknown): unknown {
  if (token === undefined) return said;
  if (said === undefined) return undefined;
  stage.clock.after(60_000, () => stage.account.states.sendTaskSuccess(token, JSON.stringify(said)));
  return undefined;
}

/** A run with both hooks, and an execution that goes back from its bake. */
async function goBack(form: object = {}): Promise<{ run: string; back: string }> {
  const hooks = { stopWrites: { arn, ...form }, resumeWrites: { arn, ...form } };
  const run = stage.start({}, { hooks });
  await stage.until(run, 'Bake');
  return { run, back: stage.goBack(run) };
}

const said = () => calls.map(({ stage: name }) => name);
const callback = { callback: true, withinMinutes: 5 };

describe.each([
  ['that answers at once', {}],
  ['that answers later', callback],
])('a hook %s', (_, form) => {
  it('stops writes on new production before the fence, and resumes them on blue', async () => {
    const { back } = await goBack(form);
    await stage.until(back, 'Fence new production');
    expect(said()).toEqual(['stopWrites']);
    expect(calls[0]?.endpoint).toContain('orders.');
    expect(await stage.finish(back)).toBe('Went back: blue serves production');
    expect(said()).toEqual(['stopWrites', 'resumeWrites']);
    expect(stage.serves()).toBe('blue');
    expect(calls[1]?.endpoint).toContain('orders.');
    expect(stage.path(back).indexOf('Verify going back')).toBeLessThan(
      stage.path(back).findIndex((name) => name.startsWith('Resume writes')),
    );
  });

  it('that says no to stopping leaves production where it is, and resumes', async () => {
    answer = ({ stage: name }) => (name === 'stopWrites' ? { verdict: 'fail', because: 'not now' } : pass);
    const { back } = await goBack(form);
    expect(await stage.finish(back)).toBe('Did not go back: green serves production');
    expect(stage.path(back)).not.toContain('Fence new production');
    expect(said()).toEqual(['stopWrites', 'resumeWrites']);
    expect(stage.serves()).toBe('green');
    expect(calls[1]?.endpoint).toContain('orders.');
    expect(calls[1]?.endpoint).toBe(calls[0]?.endpoint);
  });

  it('that does not resume is told, and changes nothing of which side serves', async () => {
    answer = ({ stage: name }) => (name === 'resumeWrites' ? { verdict: 'fail', because: 'later' } : pass);
    const { back } = await goBack(form);
    expect(await stage.finish(back)).toBe('Went back: blue serves production');
    const told = stage.account.sns.messages
      .map(({ message }) => message)
      .findLast((text) => text.includes(back));
    expect(told).toContain('Your resumeWrites hook did not confirm');
  });
});

it('resumes on new production when the comparison says no', async () => {
  stage.databases.behaviour.differing = 1;
  const { back } = await goBack();
  expect(await stage.finish(back)).toBe('Did not go back: green serves production');
  expect(said()).toEqual(['stopWrites', 'resumeWrites']);
  expect(stage.serves()).toBe('green');
});

it.each([
  ['before the point of no return', 'compareBothSides', 'stayOnNewProduction'],
  ['after it', 'openBlueForWrites', ''],
])('resumes nothing where the serving side is not proved, %s', async (_, first, second) => {
  stage.interfere = (key) =>
    key === first || key === second
      ? { replaceResult: { errorType: 'BlueGreen.TestFailed', errorMessage: 'no' } }
      : undefined;
  stage.databases.instead.set('open', { kind: 'refused', code: 'not-fenced', because: 'no' });
  const { back } = await goBack();
  expect(await stage.finish(back)).toBe('Going back incomplete: look before any retry');
  expect(said()).toEqual(['stopWrites']);
});

it.each<StateName>(['Set the sequences', 'Swap the endpoint'])(
  'is called again by whoever finishes an execution that was killed in "%s"',
  async (state) => {
    const { run, back } = await goBack();
    await stage.until(back, state);
    await stage.clock.run(stage.account.states.stopExecution(back));
    const again = stage.goBack(run);
    expect(await stage.finish(again)).toBe('Went back: blue serves production');
    expect(said().at(-1)).toBe('resumeWrites');
    expect(said().filter((name) => name === 'resumeWrites')).toHaveLength(1);
  },
);

describe('a schema that the hook changeGreen has changed', () => {
  const changed = { changeGreen: { arn } };
  /** All messages, on one line each. */
  const said = () =>
    stage.account.sns.messages.map(({ message }) => message.replaceAll(/\s+/g, ' ')).join('\n');
  const found = (verdict: object) =>
    stage.databases.instead.set('compare-schema', {
      kind: 'answer',
      facts: { blockers: [], warnings: [], back: [], ...verdict },
    } as never);

  it('stops the run at once where replication does not survive it, with the way that does', async () => {
    found({ blockers: ['shop.public.t.note is gone: ALTER TABLE'] });
    const run = stage.start({}, { hooks: changed });
    expect(await stage.finish(run)).toBe('Stopped before switchover: blue serves production');
    expect(said()).toContain('t.note is gone: ALTER TABLE');
    expect(stage.path(run)).not.toContain('Check parity');
  });

  it('goes before the approvers with its warnings, and leaves no way back that it would break', async () => {
    found({ warnings: ['t.extra is new'], back: ['t.extra is gone where rows go'] });
    const run = stage.start({}, { hooks: changed });
    expect(await stage.finish(run)).toBe('Green serves production');
    const told = said();
    expect(told).toContain('extra is new');
    expect(told).toContain('going back, t.extra is gone where rows go');
    expect(stage.databases.asked).not.toContain('attach');
  });

  it('is waited for until both sides answer', async () => {
    stage.databases.instead.set('compare-schema', {
      kind: 'failed',
      code: 'ECONNREFUSED',
      because: 'no answer',
    });
    const run = stage.start({}, { hooks: changed });
    await stage.until(run, 'Is there still time for green?');
    stage.databases.instead.delete('compare-schema');
    expect(await stage.finish(run)).toBe('Green serves production');
  });

  it('is compared once after the change and once when green is ready, however long that takes', async () => {
    const run = stage.start({}, { hooks: changed });
    stage.account.states.on((event) => {
      if (event.kind !== 'history') return;
      if (event.event.stateEnteredEventDetails?.name !== 'Let green settle after the changes') return;
      const green = stage.account.rds.world.instances.find(({ DBInstanceIdentifier }) =>
        DBInstanceIdentifier.includes('-green-'),
      );
      Object.assign(green ?? {}, { DBInstanceStatus: 'modifying' });
      stage.clock.after(600_000, () => Object.assign(green ?? {}, { DBInstanceStatus: 'available' }));
    });
    expect(await stage.finish(run)).toBe('Green serves production');
    const path = stage.path(run);
    const looks = path.slice(path.indexOf('Let green settle after the changes'));
    expect(looks.filter((state) => state === 'Wait for green').length).toBeGreaterThan(5);
    expect(stage.databases.asked.filter((ask) => ask === 'compare-schema')).toHaveLength(2);
  });

  it('is not compared without a login, which the approvers are told', async () => {
    const run = stage.start({ login: undefined }, { hooks: changed });
    expect(await stage.finish(run)).toBe('Green serves production');
    expect(said()).toContain('was not compared with blue');
    expect(stage.databases.asked).toEqual([]);
  });

  it('is not looked for where nothing was changed', async () => {
    await stage.finish(stage.start({}));
    expect(stage.databases.asked).not.toContain('compare-schema');
  });
});
