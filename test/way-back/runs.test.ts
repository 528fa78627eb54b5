import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StateName } from '../../functions/domain/model/states.ts';
import { planLongestRun } from '../../functions/domain/request/longest-run.ts';
import type { Ask } from '../../functions/sql/contract.ts';
import { AwsError } from '../../packages/local-aws/wire/service.ts';
import { request } from '../domain/sample.ts';
import { machine } from '../statemachine/machine.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => {
  // Whatever happened: one writer at any time.
  expect(stage.doubleWriters()).toEqual([]);
  stage.close();
});

const went = 'Went back: blue serves production';

describe('a run with a way back', () => {
  it('holds, secures, releases and attaches in this order, and leaves nothing behind', async () => {
    const run = stage.start();
    expect(await stage.finish(run)).toBe('Green serves production');
    const acts = stage.databases.asked.filter(
      (ask) =>
        ![
          'facts',
          'preconditions',
          'analyze-step',
          'takes-writes',
          'read-side',
          'long-transactions',
          'watch',
          'leftovers',
        ].includes(ask),
    );
    expect(acts).toEqual([
      'distinguish',
      'hold-writes',
      'secure',
      'release-writes',
      'fence',
      'attach',
      'probe-write',
      'close',
      'close',
    ]);
    expect(stage.databases.leftovers()).toEqual([]);
    expect(stage.path(run).indexOf('Secure the way back')).toBeLessThan(
      stage.path(run).indexOf('Release application writes'),
    );
  });

  it('releases writes as soon as new production takes them, and not when RDS says that it is done', async () => {
    const run = stage.start();
    await stage.finish(run);
    const path = stage.path(run);
    expect(path).not.toContain('Count changes after the cut');
    expect(path.indexOf('Release application writes')).toBeLessThan(path.indexOf('Find production side'));
    // RDS takes half a minute more; a look and the calls of the databases take no time here.
    const released = stage.enteredAt(run, 'Release application writes');
    const done = stage.enteredAt(run, 'Find production side');
    expect(done - released).toBeGreaterThan(25_000);
  });

  it('waits until no stream of RDS writes any more', async () => {
    stage.databases.instead.set('takes-writes', {
      kind: 'answer',
      facts: { because: 'a stream still writes into database shop: rds', changes: null },
    });
    const run = stage.start();
    expect(await stage.finish(run)).toBe('Green serves production');
    const path = stage.path(run);
    expect(path.indexOf('Find production side')).toBeLessThan(path.indexOf('Secure the way back'));
  });

  it('asks nothing of a database when the request names no login', async () => {
    const run = stage.start({ login: undefined });
    expect(await stage.finish(run)).toBe('Green serves production');
    expect(stage.databases.asked).toEqual([]);
  });

  it('goes on without one where the facts forbid it', async () => {
    stage.databases.behaviour.facts = { missing: ['CREATE ROLE viridian LOGIN'] };
    expect(await stage.finish(stage.start())).toBe('Green serves production');
    // Old blue is closed all the same, if its databases let us.
    expect(new Set(stage.databases.asked)).toEqual(
      new Set(['facts', 'preconditions', 'read-side', 'analyze-step', 'distinguish', 'fence', 'leftovers']),
    );
  });

  it('stops before the switchover when writes cannot be held, and lifts what was held', async () => {
    stage.databases.instead.set('hold-writes', { kind: 'refused', code: 'not-held', because: 'no' });
    const run = stage.start();
    expect(await stage.finish(run)).toBe('Stopped before switchover: blue serves production');
    expect(stage.databases.asked).toContain('release-writes');
    expect(stage.path(run)).not.toContain('Start switchover');
  });

  const open = { database: 'shop', pid: 7, user: 'app', seconds: 90, idle: true, query: '1234' };
  const found = (left: object[]) => ({ kind: 'answer', facts: { left } }) as never;

  it('waits for a transaction that stays open, and cuts when it has ended', async () => {
    stage.databases.instead.set('long-transactions', found([open]));
    const run = stage.start();
    await stage.until(run, 'Is there still time to catch up?');
    stage.databases.instead.delete('long-transactions');
    expect(await stage.finish(run)).toBe('Green serves production');
    expect(stage.databases.asked).not.toContain('end-transactions');
  });

  it.each([
    ['wait', found([open])],
    ['stop', found([open])],
    ['wait', { kind: 'failed', code: 'ECONNREFUSED', because: 'no answer' }],
  ] as const)('comes to no cut over one that does not end: %s', async (longTransactions, reply) => {
    stage.databases.instead.set('long-transactions', reply);
    const run = stage.start(undefined, { switchover: { longTransactions } });
    expect(await stage.finish(run)).toBe('Stopped before switchover: blue serves production');
    expect(stage.path(run)).not.toContain('Start switchover');
    expect(stage.path(run).includes('Is there still time to catch up?')).toBe(longTransactions === 'wait');
    expect(stage.databases.asked).not.toContain('end-transactions');
  });

  it('ends one right before the hold, where the request says so', async () => {
    stage.databases.instead.set('long-transactions', found([open]));
    const run = stage.start(undefined, { switchover: { longTransactions: 'end' } });
    expect(await stage.finish(run)).toBe('Green serves production');
    const { asked } = stage.databases;
    expect(asked.indexOf('end-transactions')).toBeLessThan(asked.indexOf('hold-writes'));
    expect(asked.lastIndexOf('long-transactions')).toBeLessThan(asked.indexOf('end-transactions'));
  });

  it('ends none on another server than the one that is meant', async () => {
    const run = stage.start(undefined, { switchover: { longTransactions: 'end' } });
    await stage.until(run, 'Final check');
    stage.databases.marks.clear();
    expect(await stage.finish(run)).toBe('Stopped before switchover: blue serves production');
    expect(stage.databases.asked).toContain('end-transactions');
    expect(stage.databases.asked).not.toContain('hold-writes');
  });

  it('comes to no cut over one that cannot be ended', async () => {
    stage.databases.instead.set('end-transactions', found([{ ...open, pid: null, prepared: 'tx' }]));
    const run = stage.start(undefined, { switchover: { longTransactions: 'end' } });
    expect(await stage.finish(run)).toBe('Stopped before switchover: blue serves production');
    expect(stage.path(run)).not.toContain('Hold application writes');
  });

  it('lifts the gate on green when the switchover is rolled back', async () => {
    stage.plane.behaviour.guardrails.push('a long transaction');
    expect(await stage.finish(stage.start())).toBe('Switchover rolled back: blue serves production');
    expect(stage.databases.leftovers()).toEqual([]);
  });

  it.each([
    ['an application has written', { kind: 'refused', code: 'application-write', because: 'rows' }],
    ['no answer comes', { kind: 'failed', code: '57014', because: 'too slow' }],
  ] as const)('lets writes resume in time and says so when %s', async (_, reply) => {
    stage.databases.instead.set('secure', reply);
    const run = stage.start();
    expect(await stage.finish(run)).toBe('Green serves production');
    expect(stage.path(run)).toContain('Release application writes');
    expect(stage.announcements()).toContain('[ACT] No way back any more (orders)');
    expect(stage.databases.asked).not.toContain('attach');
    expect(stage.databases.leftovers()).toEqual([]);
  });

  it.each([
    ['secure', 'Secure the way back'],
    ['hold-writes', 'Count changes after the cut'],
  ] as const)('gives the way back up at once when %s meets what cannot heal', async (ask, state) => {
    const run = stage.start();
    await stage.until(run, 'Wait for switchover');
    const refused = { kind: 'failed', code: '42501', because: 'a right is missing' } as const;
    stage.databases.instead.set(ask, refused);
    // Otherwise new production is counted as soon as it proves itself.
    if (ask === 'hold-writes') stage.databases.instead.set('takes-writes', refused);
    expect(await stage.finish(run)).toBe('Green serves production');
    const entered = (name: StateName) => stage.enteredAt(run, name);
    expect(entered('Release application writes') - entered(state)).toBeLessThan(5_000);
    expect(stage.announcements()).toContain('[ACT] No way back any more (orders)');
    expect(stage.account.sns.messages.map(({ message }) => message).join()).toContain('a right is missing');
  });

  it('goes on releasing writes while its sign-in is refused, tells at once what frees them, and goes on once it may', async () => {
    const run = stage.start();
    await stage.until(run, 'Wait for switchover');
    stage.databases.instead.set('release-writes', {
      kind: 'failed',
      code: '28P01',
      because: 'the sign-in was refused',
    });
    await stage.until(run, 'Announce that writes are held');
    await stage.clock.run(stage.clock.sleep(2_000));
    expect(
      stage.enteredAt(run, 'Announce that writes are held') -
        stage.enteredAt(run, 'Release application writes'),
    ).toBeLessThan(60_000);
    const { subject, message } = stage.account.sns.messages.at(-1) ?? {};
    expect(subject).toBe('[PAGE] Nobody can write (orders)');
    expect(message?.split('\n')).toContain(
      "    SELECT viridian.hold_role(role, false) FROM unnest(ARRAY['app', 'viridian_probe']::name[]) AS role;",
    );
    await stage.clock.run(stage.clock.sleep(20 * 3_600_000));
    expect(stage.announcements().at(-1)).toBe('[PAGE] Nobody can write (orders)');
    stage.databases.instead.clear();
    expect(await stage.finish(run)).toBe('Green serves production');
    expect(stage.path(run)).toContain('Attach the rollback target');
    expect(stage.databases.leftovers()).toEqual([]);
  });

  it('never ends with words that writes go on while roles are held', async () => {
    const run = stage.start();
    await stage.until(run, 'Wait for switchover');
    stage.databases.instead.set('release-writes', { kind: 'failed', code: '28P01', because: 'no' });
    expect(await stage.finish(run)).toBe('Green serves production, clean-up incomplete');
    const { message = '' } = stage.account.sns.messages.at(-1) ?? {};
    const [, writes = ''] = message.split('Where writes go now\n');
    expect(writes.split('\n')[0]).toMatch(/WRITES ARE HELD on new production orders/);
    expect(message.split('\n')).toContain("    SELECT viridian.hold_role('app', false);");
  });

  it('closes a broken stream in the bake, says so at once, and bakes on', async () => {
    const run = stage.start();
    await stage.until(run, 'Bake');
    stage.databases.behaviour.streamBroken = true;
    await stage.until(run, 'Announce that the way back broke');
    expect(stage.databases.leftovers()).toEqual([]);
    expect(await stage.finish(run)).toBe('Green serves production');
    expect(stage.announcements()).toContain('[ACT] No way back any more (orders)');
  });

  it('keeps a doubt that heals to itself', async () => {
    const run = stage.start();
    await stage.until(run, 'Bake');
    stage.databases.behaviour.streamBroken = true;
    await stage.clock.run(stage.clock.sleep(120_000));
    stage.databases.behaviour.streamBroken = false;
    expect(await stage.finish(run)).toBe('Green serves production');
    expect(stage.announcements()).not.toContain('[ACT] No way back any more (orders)');
  });
});

describe('large databases', () => {
  const isSlow = (ask: Ask, seconds: number) =>
    stage.databases.slow.set(ask, () => stage.clock.sleep(1_000 * seconds));
  const timedOut = (run: string) =>
    JSON.stringify(stage.account.states.getExecutionHistory(run)).includes('Sandbox.Timedout');

  it.each<[Ask, number]>([
    ['facts', 30],
    ['hold-writes', 15],
    ['secure', 8],
    ['fence', 15],
    ['attach', 30],
    ['watch', 3],
    ['close', 20],
  ])('are given the time for "%s": %i s', async (ask, seconds) => {
    isSlow(ask, seconds);
    const run = stage.start();
    expect(await stage.finish(run)).toBe('Green serves production');
    expect(stage.databases.asked).toContain('attach');
    expect(stage.announcements()).not.toContain('[ACT] No way back any more (orders)');
    expect(stage.databases.leftovers()).toEqual([]);
    expect(timedOut(run)).toBe(false);
  });

  it.each([6, 10, 20])(
    'that cannot be watched in time, in %i s, cost the way back and not the bake',
    async (seconds) => {
      isSlow('watch', seconds);
      const run = stage.start();
      expect(await stage.finish(run)).toBe('Green serves production');
      expect(timedOut(run)).toBe(false);
      expect(stage.announcements()).toContain('[ACT] No way back any more (orders)');
      expect(stage.databases.leftovers()).toEqual([]);
    },
  );
});

describe('the statistics of green', () => {
  /** The messages of a topic, each as one line. */
  const told = (topic: 'approvals' | 'announcements') =>
    stage.account.sns.messages
      .filter(({ topicArn }) => topicArn === stage.account.topics[topic])
      .map(({ message }) => message.replace(/\s+/g, ' '));

  it('are refreshed before anybody is asked, and the question says so', async () => {
    const run = stage.start({}, { approval: { withinHours: 1 } });
    expect(await stage.finish(run)).toBe('Stopped before switchover: blue serves production');
    expect(told('approvals')[0]).toContain('Statistics Refreshed on green: all 3 tables have statistics.');
    // Nobody needs to run ANALYZE on a green that does not serve.
    expect(told('announcements').at(-1)).not.toContain('tatistics');
  });

  it('are refreshed without a way back, too, and the announcement says so', async () => {
    const run = stage.start({ enabled: false });
    expect(await stage.finish(run)).toBe('Green serves production');
    expect(stage.databases.asked.filter((ask) => ask !== 'read-side')).toEqual([
      'preconditions',
      'analyze-step',
      'analyze-step',
    ]);
    expect(told('announcements').at(-1)).toContain('Refreshed on green: all 3 tables have statistics.');
  });

  const planned = planLongestRun(request({ wayBack: { login: {} } }), 0).waits.find(
    ({ name }) => name === 'the statistics of green',
  );

  it('are given the time that is planned for them', () => {
    const { deadline } = machine.States['Begin with the statistics of green']?.Assign ?? {};
    expect(deadline).toBe(`{% $fromMillis($millis() + ${1_000 * (planned?.seconds ?? 0)}) %}`);
  });

  it.each<[string, object, () => unknown, string]>([
    ['nobody may sign in', { login: undefined }, () => {}, 'the request names no wayBack.login'],
    [
      'a table stays locked',
      {},
      () => Object.assign(stage.databases.behaviour, { tableLocked: true }),
      'for 2 of 3 tables (the hour for it was over). Left out: 1 that were not reached or are locked.',
    ],
    [
      'green does not answer',
      {},
      () =>
        stage.databases.instead.set('analyze-step', {
          kind: 'failed',
          code: '57P03',
          because: 'no one is there',
        }),
      'Not refreshed on green (no one is there; if it stays so, look at the server',
    ],
  ])('are not needed to go on, but missed, when %s', async (_, wayBack, arrange, words) => {
    arrange();
    const run = stage.start({ enabled: false, ...wayBack });
    expect(await stage.finish(run)).toBe('Green serves production');
    expect(told('announcements').at(-1)).toContain(words);
    expect(told('announcements').at(-1)).toContain('Run ANALYZE in every database of the former green');
    const steps = stage.path(run).filter((state) => state === 'Refresh the statistics of green');
    expect(steps.length).toBeLessThanOrEqual(planned?.ticks ?? 0);
  });
});

describe('going back', () => {
  it('follows a failed bake by itself where the request says so', async () => {
    const run = stage.start({ onFailure: 'go-back' });
    await stage.until(run, 'Bake');
    await stage.alarm('ALARM');
    expect(await stage.finish(run)).toBe(went);
    expect(stage.goingsBack().map((arn) => stage.path(arn).at(-1))).toEqual([went]);
    expect(stage.serves()).toBe('blue');
    expect(stage.plane.writable()).toEqual([stage.plane.leadsTo('orders')]);
    expect(stage.databases.leftovers()).toEqual([]);
  });

  it('waits for a person otherwise, and closes when nobody answers', async () => {
    const run = stage.start();
    await stage.until(run, 'Bake');
    await stage.alarm('ALARM');
    expect(await stage.finish(run)).toBe('Green serves production, clean-up incomplete');
    expect(stage.announcements()).toContain('[PAGE] Go back or stay? (orders)');
    expect(stage.databases.leftovers()).toEqual([]);
    expect(stage.serves()).toBe('green');
  });

  it.each<StateName>(['Bake', 'Wait for a decision'])(
    'is started by a person during "%s", and the run waits for it',
    async (state) => {
      const run = stage.start();
      await stage.until(run, 'Bake');
      if (state !== 'Bake') await stage.alarm('ALARM');
      await stage.until(run, state);
      const back = stage.goBack(run);
      expect(await stage.finish(back)).toBe(went);
      expect(await stage.finish(run)).toBe(went);
      expect(stage.serves()).toBe('blue');
    },
  );

  it('is refused once the way back is closed', async () => {
    const run = stage.start();
    await stage.finish(run);
    const asked = stage.databases.asked.length;
    expect(await stage.finish(stage.goBack(run))).toBe('Did not go back: green serves production');
    expect(stage.databases.asked).toHaveLength(asked);
  });

  it('is done by one execution at a time', async () => {
    const run = stage.start();
    await stage.until(run, 'Bake');
    const first = stage.goBack(run);
    await stage.until(first, 'Swap the endpoint');
    const second = stage.goBack(run);
    expect(await stage.finish(second)).toBe('Going back refused: nothing was changed');
    expect(stage.path(second)).not.toContain('Fence new production');
    expect(await stage.finish(first)).toBe(went);
  });

  it('describes new production once in each step that needs both its address and its mark', async () => {
    const run = stage.start();
    await stage.until(run, 'Bake');
    await stage.clock.run(stage.account.states.stopExecution(run));
    const green = stage.production() ?? '';
    let step = '';
    const most = new Map<string, number>();
    let looks = 0;
    stage.interfere = (key) => {
      if (key !== 'sqlPostgres') [step, looks] = [key, 0];
      return undefined;
    };
    stage.refuse = (operation, input) => {
      const looked = operation === 'DescribeDBInstances' && JSON.stringify(input).includes(green);
      if (looked) most.set(step, Math.max(most.get(step) ?? 0, ++looks));
      return undefined;
    };
    expect(await stage.finish(stage.goBack(run))).toBe(went);
    const steps = ['fenceNewProduction', 'detachTheRollbackTarget', 'setTheSequences'].concat([
      'swapTheEndpoint',
      'openBlueForWrites',
    ]);
    expect(steps.map((key) => [key, most.get(key)])).toEqual(steps.map((key) => [key, 1]));
  });

  describe('is refused to the run itself', () => {
    /** Lets a run go back by itself and be refused, as when its history tells nothing. */
    async function refused(): Promise<string> {
      const run = stage.start({ onFailure: 'go-back' });
      await stage.until(run, 'Bake');
      stage.interfere = (key, invocation) =>
        key === 'readTheRun' && invocation === 1
          ? { refuse: new AwsError('BlueGreen.RequestInvalid', 'its history does not name both sides') }
          : undefined;
      await stage.alarm('ALARM');
      await stage.until(run, 'Wait for going back');
      return run;
    }

    it('and it keeps the way back for whoever starts it again', async () => {
      const run = await refused();
      await stage.until(run, 'Wait for a decision');
      expect(stage.goingsBack().map((arn) => stage.path(arn).at(-1))).toEqual([
        'Going back refused: nothing was changed',
      ]);
      expect(stage.plane.writable()).toEqual([stage.production()]);
      expect(await stage.finish(stage.goBack(run))).toBe(went);
      expect(await stage.finish(run)).toBe(went);
      expect(stage.serves()).toBe('blue');
    });

    it('and it stays when nobody does', async () => {
      const run = await refused();
      expect(await stage.finish(run)).toBe('Green serves production, clean-up incomplete');
      expect(stage.plane.writable()).toEqual([stage.production()]);
      expect(stage.databases.leftovers()).toEqual([]);
    });

    it('and it waits for the one that is going back, also when that is killed half-way', async () => {
      const run = stage.start({ onFailure: 'go-back' });
      await stage.until(run, 'Bake');
      let other = '';
      stage.account.states.on((event) => {
        if (event.kind !== 'history' || event.executionArn !== run || other) return;
        if (event.event.stateEnteredEventDetails?.name === 'Go back') other = stage.goBack(run);
      });
      // The run's own execution, which is the second to come, comes late.
      stage.interfere = (key, invocation) =>
        key === 'readTheRun' && invocation === 2
          ? { refuse: new AwsError('Lambda.TooManyRequestsException', 'not now') }
          : undefined;
      await stage.alarm('ALARM');
      await stage.until(run, 'Wait for going back');
      const own = stage.goingsBack().find((arn) => arn !== other) ?? '';
      expect(await stage.finish(own)).toBe('Going back refused: nothing was changed');
      await stage.until(other, 'Wait for the endpoint');
      await stage.clock.run(stage.account.states.stopExecution(other, undefined, 'lunch'));
      await stage.clock.run(stage.clock.sleep(3_600_000));
      expect(stage.path(run).at(-1)).toBe('Wait for going back');
      expect(await stage.finish(stage.goBack(run))).toBe(went);
      expect(await stage.finish(run)).toBe(went);
    });
  });

  it('opens new production again when what still writes on the target has come to its end', async () => {
    const run = stage.start();
    await stage.until(run, 'Bake');
    Object.assign(stage.databases.behaviour, { differing: 1 });
    stage.databases.instead.set('open', { kind: 'refused', code: 'writers', because: 'the stream applies' });
    stage.clock.after(180_000, () => stage.databases.instead.delete('open'));
    expect(await stage.finish(stage.goBack(run))).toBe('Did not go back: green serves production');
    expect(stage.plane.writable()).toEqual([stage.plane.leadsTo('orders')]);
  });

  it('does not wait for last changes that cannot arrive any more, and says why', async () => {
    const run = stage.start();
    await stage.until(run, 'Bake');
    await stage.clock.run(stage.account.states.stopExecution(run));
    Object.assign(stage.databases.behaviour, { drains: false, slotLost: true });
    const back = stage.goBack(run);
    expect(await stage.finish(back)).toBe('Did not go back: green serves production');
    const waited =
      stage.enteredAt(back, 'State the loss') - stage.enteredAt(back, 'Wait for the last changes');
    expect(waited).toBeLessThan(15_000);
    const { message = '' } = stage.account.sns.messages.at(-1) ?? {};
    expect(message.replace(/\s+/g, ' ')).toContain('the slot of shop has lost log that the target needs');
  });

  it.each([
    ['the last changes do not arrive', () => Object.assign(stage.databases.behaviour, { drains: false })],
    ['a table differs', () => Object.assign(stage.databases.behaviour, { differing: 1 })],
  ])('stays on new production when %s', async (_, arrange) => {
    const run = stage.start({ onFailure: 'go-back' });
    await stage.until(run, 'Bake');
    arrange();
    await stage.alarm('ALARM');
    expect(await stage.finish(run)).toBe('Green serves production, clean-up incomplete');
    expect(stage.goingsBack().map((arn) => stage.path(arn).at(-1))).toEqual([
      'Did not go back: green serves production',
    ]);
    expect(stage.serves()).toBe('green');
    expect(stage.plane.writable()).toEqual([stage.plane.leadsTo('orders')]);
    expect(stage.databases.leftovers()).toEqual([]);
  });
});
