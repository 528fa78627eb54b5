import { afterEach, describe, expect, it } from 'vitest';
import type { RehearsalState } from '../../functions/domain/model/states.ts';
import { namesOfExecutions } from '../../functions/domain/on-copy/copy.ts';
import { handler as checkPreconditions } from '../../functions/handlers/accept/check-preconditions.ts';
import { without } from '../../packages/local-aws/iam/access.ts';
import { evaluate } from '../../packages/local-aws/iam/evaluate.ts';
import { AwsError } from '../../packages/local-aws/wire/service.ts';
import { accessKeyOf } from '../../rehearsal/roles.ts';
import { type Kind, kinds } from '../simulation/databases.ts';
import { hook, losesAnswer, pass, refuses, type Trouble, when } from '../simulation/faults.ts';
import { statementsOf, textOf } from '../simulation/rights.ts';
import { finish, requestOf, start } from '../simulation/run.ts';
import { countAccepted, functionNameOf, hookArn, type Stage, setStage } from '../simulation/stage.ts';
import { endOf, leftOf, rehearse, requestFor, settle, touchedProduction } from './stage.ts';

let stage: Stage | undefined;
afterEach(() => stage?.close());

const rehearsed = 'Rehearsed on a copy: production was not touched';
const failed = 'Rehearsal failed: production was not touched';
const left = 'Rehearsal left a copy: production was not touched';
const both = [kinds.postgres, kinds.auroraPostgres];

/** Ends of executions that AWS counts as failed, which is what alarms ring for. */
const failedExecutions = ({ account }: Stage): string[] =>
  [account.stateMachineArn, account.rollBackMachineArn, account.rehearsalMachineArn]
    .flatMap((machine) => account.states.listExecutions(machine, 'FAILED'))
    .map(({ cause }) => cause ?? 'no cause');

/** Plays a rehearsal; whatever becomes of it, production is as it was. */
async function play(kind: Kind, troubles: Trouble[] = [], more: object = {}) {
  const on = await setStage(kind);
  stage = on;
  for (const trouble of troubles) await trouble(on);
  const rehearsal = rehearse(on, requestFor(kind, more));
  await settle(on, rehearsal);
  expect(touchedProduction(on)).toEqual([]);
  return { on, rehearsal, ended: endOf(on, rehearsal) };
}

describe('a rehearsal on a copy', () => {
  it.each(both)('of $name goes through and back, measures both, and leaves nothing', async (kind) => {
    // The copy has no such member.
    const members = kind.isCluster ? [{ member: 'ledger-2', instanceClass: 'db.r7g.xlarge' }] : [];
    const { on, ended } = await play(kind, [], { target: { members } });
    expect(ended.end).toBe(rehearsed);
    expect(failedExecutions(on)).toEqual([]);
    expect(leftOf(on)).toEqual([]);
    expect(ended.output).toMatchObject({
      resourceId: on.baseline.blue,
      targetVersion: kind.target.engineVersion,
    });
    for (const [what, seconds] of Object.entries(ended.output.measured))
      expect(seconds, what).toBeTypeOf('number');
  });

  it('without a login goes through, and says that going back was not rehearsed', async () => {
    const { on, ended } = await play(kinds.mariadb, [], { wayBack: {} });
    expect(ended.end).toBe(rehearsed);
    expect(ended.path).not.toContain('Go back on the copy');
    expect(ended.output.measured).toMatchObject({ goingBack: null });
    expect(leftOf(on)).toEqual([]);
  });

  it('runs the tests of the user on the copy, and none that would stop the application', async () => {
    const called: string[] = [];
    const note = (name: string) =>
      hook(name, ({ stage: which, endpoint }) => {
        called.push(`${which} ${endpoint.includes('viridian-copy-')}`);
        return pass;
      });
    const named = (name: string) => ({ arn: hookArn(name) });
    const hooks = { testGreen: named('test'), stopWrites: named('stop'), resumeWrites: named('resume') };
    const { ended } = await play(kinds.postgres, ['test', 'stop', 'resume'].map(note), { hooks });
    expect(ended.end).toBe(rehearsed);
    expect(called).toEqual(['testGreen true']);
  });

  const no = { verdict: 'fail', because: 'the report is wrong' };
  const failures: [what: string, troubles: Trouble[], more: object, says: string][] = [
    [
      'RDS does not copy',
      [refuses('RestoreDBInstanceToPointInTime', 'InstanceQuotaExceededFault')],
      {},
      'InstanceQuotaExceeded',
    ],
    [
      'the security group of copies is of another VPC',
      [refuses('RestoreDBInstanceToPointInTime', 'InvalidParameterCombination')],
      {},
      'InvalidParameterCombination',
    ],
    ['the request is wrong', [], { target: { engineVersion: '9.6' } }, 'target-version-valid'],
    ['the request has a field too many', [], { copi: 1 }, 'copi'],
    [
      'the request only takes up a deployment',
      [],
      { target: { engineVersion: undefined, parameterGroup: undefined }, adopt: 'bgd-1' },
      'which a copy does not have',
    ],
    [
      'a test of the user says no',
      [hook('test', () => no)],
      { hooks: { testGreen: { arn: hookArn('test') } } },
      'the report is wrong',
    ],
    [
      'the run cannot be started',
      [refuses('SwitchoverBlueGreenDeployment', 'InvalidParameterCombination')],
      {},
      'ended as',
    ],
  ];
  it.each(failures)('fails and leaves nothing when %s', async (_, troubles, more, says) => {
    const { on, ended } = await play(kinds.postgres, troubles, more);
    expect(ended).toMatchObject({ end: failed, status: 'FAILED' });
    expect(ended.cause).toContain(says);
    expect(leftOf(on)).toEqual([]);
  });

  it('names what is left when RDS deletes nothing for six hours, and another execution removes it', async () => {
    let deletes = false;
    const keeps: Trouble = ({ wireRules }) => {
      wireRules.push(({ operation }) =>
        operation === 'DeleteDBInstance' && !deletes
          ? { before: { refuse: new AwsError('InvalidDBInstanceStateFault', 'a snapshot is under way') } }
          : undefined,
      );
    };
    const told: string[] = [];
    const listens: Trouble = (on) => on.account.sns.onMessage(({ message }) => told.push(message));
    const { on, rehearsal, ended } = await play(kinds.postgres, [keeps, listens]);
    expect(ended.end).toBe(left);
    const names = leftOf(on);
    expect(names).not.toEqual([]);
    expect(told.at(-1)).toContain('a snapshot is under way');
    for (const name of names)
      expect(told.at(-1)).toContain(
        `\n    aws rds delete-db-instance --db-instance-identifier ${name} --skip-final-snapshot\n`,
      );
    // An event starts it for the clean-up before it, which has made no copy itself.
    const second = rehearse(on, { removeCopyOf: rehearsal });
    await settle(on, second);
    expect(endOf(on, second).end).toBe(left);
    deletes = true;
    const third = rehearse(on, { removeCopyOf: second });
    await settle(on, third);
    expect(endOf(on, third).end).toBe(rehearsed);
    expect(leftOf(on)).toEqual([]);
  });

  it('that waited in vain for its copy is told with what it saw last', async () => {
    const { ended } = await play(kinds.postgres, [
      ({ account: { rds } }) =>
        rds.background.run(async () => {
          for (let minutes = 0; minutes < 25 * 60; minutes += 1) {
            await rds.background.sleep(60_000);
            for (const one of rds.world.instances)
              if (one.DBInstanceIdentifier.startsWith('viridian-copy-')) one.DBInstanceStatus = 'backing-up';
          }
          for (const one of rds.world.instances) one.DBInstanceStatus = 'available';
        }),
    ]);
    expect(ended.end).toBe(failed);
    expect(ended.cause).toMatch(/the copy was not made in time .*Seen last: viridian-copy-\S+ is backing-up/);
  });
});

/** A hook of load, and every call of it with the state of the run on the copy at that moment. */
function loads(answers: Partial<Record<'startLoad' | 'stopLoad', () => unknown>> = {}) {
  const calls: { payload: Record<string, unknown>; at: number }[] = [];
  const trouble: Trouble = hook('load', (payload, { clock }) => {
    const { stage: which } = payload as { stage: 'startLoad' | 'stopLoad' };
    calls.push({ payload: { ...payload }, at: clock.now() });
    return (answers[which] ?? (() => pass))();
  });
  const stages = () => calls.map(({ payload }) => payload.stage);
  return { calls, trouble, stages, asked: { rehearseOnCopy: { load: { arn: hookArn('load') } } } };
}

describe('the load on a copy', () => {
  const counted = () => ({
    verdict: 'pass',
    because: '1,234 writes, see https://x.example/',
    facts: { longestPauseSeconds: 2.9 },
  });

  it.each(both)(
    'is told the copy alone, and is there from before the run until after it: $name',
    async (kind) => {
      const load = loads({ stopLoad: counted });
      const told: string[] = [];
      const { on, rehearsal, ended } = await play(
        kind,
        [load.trouble, (stage) => stage.account.sns.onMessage(({ message }) => told.push(message))],
        load.asked,
      );
      expect(ended.end).toBe(rehearsed);
      expect(leftOf(on)).toEqual([]);
      const [first, last, ...more] = load.calls;
      expect(more).toEqual([]);
      for (const one of [first, last]) {
        const {
          stage: _,
          executionArn,
          rehearsal: of,
          database,
          endpoint,
          resourceId,
          ...rest
        } = one?.payload ?? {};
        expect(rest).toEqual({});
        expect([executionArn, of]).toEqual([rehearsal, rehearsal]);
        expect(database).toMatch(/^viridian-copy-/);
        expect(endpoint).toMatch(/^viridian-copy-\S+:\d+$/);
        expect(resourceId).not.toBe(on.baseline.blue);
      }
      expect(load.stages()).toEqual(['startLoad', 'stopLoad']);
      const run = on.account.states
        .listExecutions(on.account.stateMachineArn)
        .find(({ order }) => order.name === namesOfExecutions(rehearsal).run);
      const states = on.account.states.describeExecution(run?.order.arn ?? '');
      expect(first?.at).toBeLessThanOrEqual(states.startDate?.getTime() ?? 0);
      expect(last?.at).toBeGreaterThanOrEqual(states.stopDate?.getTime() ?? Number.POSITIVE_INFINITY);
      const said = 'load: 1,234 writes, see https[:]//x[.]example/; longestPauseSeconds 2.9.';
      expect(told.at(-1)?.replaceAll(/\s+/g, ' ')).toContain(said);
      expect(ended.output.load).toEqual({ ...counted(), facts: '{"longestPauseSeconds":2.9}' });
    },
  );

  it('is shown to those who approve the next run', async () => {
    const load = loads({ stopLoad: counted });
    const told: string[] = [];
    const { on } = await play(kinds.postgres, [load.trouble], load.asked);
    on.account.sns.onMessage(({ message }) => told.push(message));
    await finish(on, start(on, requestOf(kinds.postgres, { bake: { minutes: 0 } })));
    expect(told.join(' ').replaceAll(/\s+/g, ' ')).toContain('load: 1,234 writes');
  });

  const throws = () => {
    throw new Error('no room for writers');
  };
  it.each<[what: string, says: string, start: () => unknown]>([
    ['says no', 'too few connections', () => ({ verdict: 'fail', because: 'too few connections' })],
    ['gives no answer', 'gave no answer of the form', () => null],
    ['fails', 'no room for writers', throws],
  ])('that %s ends the rehearsal, is stopped, and nothing is left', async (_, says, startLoad) => {
    const load = loads({ startLoad });
    const { on, ended } = await play(kinds.postgres, [load.trouble], load.asked);
    expect(ended).toMatchObject({ end: failed, status: 'FAILED' });
    expect(ended.cause).toContain('Start the load on the copy');
    expect(ended.cause).toContain(says);
    expect(ended.path).not.toContain('Start the run on the copy');
    expect(load.stages()).toEqual(['startLoad', 'stopLoad']);
    expect(leftOf(on)).toEqual([]);
  });

  it('is stopped when the run on the copy fails', async () => {
    const load = loads({ stopLoad: counted });
    const { on, ended } = await play(
      kinds.postgres,
      [load.trouble, refuses('SwitchoverBlueGreenDeployment', 'InvalidParameterCombination')],
      load.asked,
    );
    expect(ended.end).toBe(failed);
    expect(ended.cause).toContain('Of the load: 1,234 writes');
    expect(load.stages()).toEqual(['startLoad', 'stopLoad']);
    expect(leftOf(on)).toEqual([]);
  });

  it.each<[what: string, stop: () => unknown, says: string]>([
    ['fails', throws, 'it may not have been stopped'],
    ['says no', () => ({ verdict: 'fail', because: 'a writer hangs' }), 'with no: a writer hangs'],
    ['says nothing', () => null, 'nothing was said of it'],
    ['says far too much', () => ({ ...pass, facts: { all: 'x'.repeat(200_000) } }), 'all is well'],
  ])('that %s when it is stopped is told, and the copy is removed', async (_, stopLoad, says) => {
    const load = loads({ stopLoad });
    const told: string[] = [];
    const { on, ended } = await play(
      kinds.postgres,
      [load.trouble, (stage) => stage.account.sns.onMessage(({ message }) => told.push(message))],
      load.asked,
    );
    expect(ended.end).toBe(rehearsed);
    expect(told.at(-1)).toContain(says);
    expect(load.stages()).toEqual(['startLoad', 'stopLoad']);
    expect(leftOf(on)).toEqual([]);
  });

  it.each<RehearsalState>(['Start the load on the copy', 'Wait for the run on the copy', 'Remove the copy'])(
    'is stopped by the clean-up of a rehearsal that was stopped in "%s"',
    async (state) => {
      const load = loads({ stopLoad: counted });
      const stop: Trouble = (on) => {
        for (const { order } of on.account.states.listExecutions(on.account.rehearsalMachineArn))
          on.clock.after(1, () => void on.account.states.stopExecution(order.arn).catch(() => {}));
      };
      const { on, rehearsal, ended } = await play(
        kinds.postgres,
        [load.trouble, when(state, stop)],
        load.asked,
      );
      expect(ended.status).toBe('ABORTED');
      const before = load.calls.length;
      const second = rehearse(on, { removeCopyOf: rehearsal });
      await settle(on, second);
      expect(endOf(on, second).end).toBe(rehearsed);
      expect(load.calls.slice(before).map(({ payload }) => payload)).toEqual([
        {
          ...{ stage: 'stopLoad', executionArn: second, rehearsal },
          ...{ database: null, endpoint: null, resourceId: null },
        },
      ]);
      expect(leftOf(on)).toEqual([]);
    },
  );

  it.each<[what: string, rehearseOnCopy: unknown, says: string]>([
    [
      'is of another Region',
      { load: { arn: hookArn('load').replace('eu-west-1', 'us-east-1') } },
      'us-east-1',
    ],
    [
      'is of another account',
      { load: { arn: hookArn('load').replace('111122223333', '444455556666') } },
      '444455556666',
    ],
    ['is no hook', { load: { arn: hookArn('load').replace('viridian-hook-', 'other-') } }, 'viridian-hook-'],
    ['is not there', { load: { arn: hookArn('lode') } }, 'Ask whether the load may be started'],
    ['has a field too many', { load: { arn: hookArn('load'), callback: true } }, 'callback'],
    ['is not named', { lode: {} }, 'lode'],
    ['is no object', true, 'rehearseOnCopy'],
  ])('that %s is refused before anything is made', async (_, rehearseOnCopy, says) => {
    const load = loads();
    const { on, ended } = await play(kinds.postgres, [load.trouble], { rehearseOnCopy });
    expect(ended.end).toBe(failed);
    expect(ended.cause).toContain(says);
    expect(ended.path).not.toContain('Make the copy');
    expect(load.stages()).toEqual([]);
    expect(on.account.rds.journal.mutations).toEqual([]);
  });

  it('that the role of the machine may not invoke is refused before anything is made', async () => {
    const load = loads();
    const forbids: Trouble = ({ account: { access } }) => {
      const role = [...access.roles.values()].find(({ arn }) => arn.endsWith('viridian-rehearsal-rehearsal'));
      const statement = role && statementsOf(role).find((one) => textOf(one).includes('viridian-hook-'));
      if (!role || !statement) throw new Error('the role of the machine may not invoke hooks at all');
      access.replace(role.arn, without(role.policies, statement));
    };
    const { ended } = await play(kinds.postgres, [load.trouble, forbids], load.asked);
    expect(ended.end).toBe(failed);
    expect(ended.path).not.toContain('Make the copy');
    expect(load.stages()).toEqual([]);
  });
});

describe('a copy', () => {
  it.each(both)('that somebody has protected is kept and named: $name', async (kind) => {
    const told: string[] = [];
    const { on, ended } = await play(kind, [
      (stage) => stage.account.sns.onMessage(({ message }) => told.push(message)),
      when('Go back on the copy', ({ account: { rds } }) => {
        const { instances, clusters } = rds.world;
        const copies = kind.isCluster
          ? clusters.filter(({ DBClusterIdentifier }) => DBClusterIdentifier.startsWith('viridian-copy-'))
          : instances.filter(({ DBInstanceIdentifier }) => DBInstanceIdentifier.startsWith('viridian-copy-'));
        // The clone of a way back is protected by the run.
        const plain = copies.find(({ DeletionProtection }) => !DeletionProtection);
        if (plain) plain.DeletionProtection = true;
      }),
    ]);
    expect(ended.end).toBe(rehearsed);
    const kept = leftOf(on);
    expect(kept.length).toBe(kind.isCluster ? 2 : 1);
    expect(told.at(-1)).toContain(
      'is protected against deletion, which it was not: somebody wants to keep it',
    );
    for (const name of kept) expect(told.at(-1)).toContain(`identifier ${name} --skip-final-snapshot`);
  });

  it('that somebody has given a replica is kept and named', async () => {
    const told: string[] = [];
    const { on, ended } = await play(kinds.postgres, [
      (stage) => stage.account.sns.onMessage(({ message }) => told.push(message)),
      when('Go back on the copy', ({ account: { rds } }) => {
        const copy = rds.world.instances.find(({ DBInstanceIdentifier }) =>
          DBInstanceIdentifier.startsWith('viridian-copy-'),
        );
        copy?.ReadReplicaDBInstanceIdentifiers?.push('orders');
      }),
    ]);
    expect(ended.end).toBe(rehearsed);
    expect(leftOf(on)).toHaveLength(1);
    expect(told.at(-1)).toMatch(/orders depends on viridian-copy-\S+ and is not of the rehearsal/);
  });
});

describe('the next run', () => {
  const demands = { rehearsal: { required: true }, bake: { minutes: 0 } };

  it('is refused without the rehearsal that it demands, and tells with it what was measured', async () => {
    const on = await setStage(kinds.postgres);
    stage = on;
    const told: string[] = [];
    on.account.sns.onMessage(({ message }) => told.push(message));
    const refused = await finish(on, start(on, requestOf(kinds.postgres, demands)));
    expect(refused.end).toBe('Refused: nothing was changed');
    expect(JSON.stringify(refused.evidence.history)).toContain(
      'no rehearsal on a copy of orders has gone through',
    );
    await settle(on, rehearse(on, requestFor(kinds.postgres)));
    told.length = 0;
    const run = await finish(on, start(on, requestOf(kinds.postgres, demands)));
    expect(run.end).toBe('Green serves production');
    const shown = told.join(' ').replaceAll(/\s+/g, ' ');
    expect(shown).toMatch(/Rehearsed on a copy on 2026-11-21: build [\d.]+ s, .*going back \d+ min/);
    expect(shown).toContain('since then the same version, groups, class, and size within 20 %');
  });
});

describe('a clean-up', () => {
  it('of a rehearsal that is open waits for its end, and takes nothing from it', async () => {
    let second = '';
    const cleans: Trouble = when('Wait for the run on the copy', (on) => {
      const [{ order } = { order: { arn: '' } }] = on.account.states.listExecutions(
        on.account.rehearsalMachineArn,
      );
      second = rehearse(on, { removeCopyOf: order.arn });
    });
    const { on, ended } = await play(kinds.postgres, [cleans]);
    expect(ended.end).toBe(rehearsed);
    await settle(on, second);
    expect(endOf(on, second).end).toBe(rehearsed);
  });

  it('of what is no rehearsal of the stack removes nothing', async () => {
    const on = await setStage(kinds.postgres);
    stage = on;
    const cleanUp = rehearse(on, { removeCopyOf: 'arn:aws:states:eu-west-1:111122223333:execution:other:1' });
    await settle(on, cleanUp);
    expect(endOf(on, cleanUp).end).toBe(left);
    expect(touchedProduction(on)).toEqual([]);
  });
});

describe('a rehearsal that is stopped', () => {
  const states: RehearsalState[] = [
    'Make the copy',
    'Start the run on the copy',
    'Wait for the run on the copy',
    'Go back on the copy',
    'Remove the copy',
  ];
  const onAurora: RehearsalState[] = ['Wait for the run on the copy', 'Remove the copy'];
  it.each([
    ...states.map((state) => [state, kinds.postgres as Kind] as const),
    ...onAurora.map((state) => [state, kinds.auroraPostgres as Kind] as const),
  ])('in "%s" is cleared by another execution: $name', async (state, kind) => {
    const stop: Trouble = (on) => {
      for (const { order } of on.account.states.listExecutions(on.account.rehearsalMachineArn))
        on.clock.after(50_000, () => void on.account.states.stopExecution(order.arn).catch(() => {}));
    };
    const { on, rehearsal, ended } = await play(kind, [when(state, stop)]);
    expect(ended.status).toBe('ABORTED');
    const second = rehearse(on, { removeCopyOf: rehearsal });
    await settle(on, second);
    expect(endOf(on, second).end).toBe(rehearsed);
    expect(leftOf(on)).toEqual([]);
    expect(touchedProduction(on)).toEqual([]);
    const { run } = namesOfExecutions(rehearsal);
    for (const { order, status } of on.account.states.listExecutions(on.account.stateMachineArn))
      if (order.name === run) expect(status).not.toBe('RUNNING');
  });
});

describe('a function of a rehearsal', () => {
  const keys = ['makeTheCopy', 'waitForTheRunOnTheCopy', 'removeTheCopy'];
  it.each(both.flatMap((kind) => keys.map((key) => [key, kind] as const)))(
    '%s may die again and again, having acted or not: $name',
    async (key, kind) => {
      let calls = 0;
      const dies: Trouble = ({ functionRules }) => {
        functionRules.push((attempt) => {
          if (attempt.key !== key) return undefined;
          calls += 1;
          if (calls > 12 || calls % 3 === 0) return undefined;
          return { crashAfterCalls: calls % 3 === 1 ? calls : 0 };
        });
      };
      const { on, ended } = await play(kind, [dies]);
      expect(calls).toBeGreaterThan(3);
      expect(ended.end).toBe(rehearsed);
      expect(leftOf(on)).toEqual([]);
    },
  );

  it.each([
    'RestoreDBInstanceToPointInTime',
    'DeleteDBInstance',
    'DeleteBlueGreenDeployment',
    'StopExecution',
  ])('goes on where the answer of %s is lost', async (operation) => {
    const { on, ended } = await play(kinds.postgres, [losesAnswer(operation, 'done', 2)]);
    expect(ended.end).toBe(rehearsed);
    expect(leftOf(on)).toEqual([]);
  });
});

describe('production', () => {
  const copy = {
    rehearsal: 'arn:aws:states:eu-west-1:111122223333:execution:x:y',
    resourceId: 'db-1',
    seal: 'a'.repeat(43),
  };

  it('is not switched over without an approval by a request that says to be of a copy', async () => {
    const on = await setStage(kinds.postgres);
    stage = on;
    const run = start(on, requestOf(kinds.postgres, { copy }));
    const { end, error } = await finish(on, run);
    expect([end, error]).toEqual(['Refused: nothing was changed', 'BlueGreen.PreconditionFailed']);
  });

  it('is not either where the precondition is out: the final check asks again', async () => {
    const on = await setStage(kinds.postgres);
    stage = on;
    on.account.lambda.register(
      functionNameOf('checkPreconditions'),
      (event: { request: object }) =>
        checkPreconditions({ ...event, request: { ...event.request, copy: undefined } } as never),
      { timeoutSeconds: 110, accessKeyId: accessKeyOf('checkPreconditions') },
    );
    const { end, error } = await finish(on, start(on, requestOf(kinds.postgres, { copy })));
    expect([end, error]).toEqual([
      'Stopped before switchover: blue serves production',
      'BlueGreen.ApprovalDenied',
    ]);
    expect(countAccepted(on, 'SwitchoverBlueGreenDeployment')).toBe(0);
  });

  it('that carries the tag of a rehearsal is left alone by it, as a neighbour is', async () => {
    const tags: Trouble = (on) =>
      when('Remove the copy', ({ account: { rds, states, rehearsalMachineArn } }) => {
        const [{ order } = { order: { arn: '' } }] = states.listExecutions(rehearsalMachineArn);
        for (const { DbiResourceId, TagList } of rds.world.instances)
          if (on.baseline.all.has(DbiResourceId)) TagList.push({ Key: 'viridian:copy', Value: order.arn });
      })(on);
    const { on, ended } = await play(kinds.postgres, [tags]);
    expect(ended.end).toBe(rehearsed);
    expect(leftOf(on)).toEqual([]);
    expect(on.account.rds.world.instances.map(({ DBInstanceStatus }) => DBInstanceStatus)).toEqual([
      'available',
      'available',
    ]);
  });

  const names = ['orders', 'viridian-copy-orders-1'];
  const tags: Record<string, string>[] = [{}, { 'aws:ResourceTag/viridian:copy': 'arn' }];
  it.each(names.flatMap((name) => tags.map((context) => [name, context] as const)))(
    'IAM lets the clean-up delete %s with %j only where both are of a copy',
    async (name, context) => {
      const on = await setStage(kinds.postgres);
      stage = on;
      const role = [...on.account.access.roles.values()].find(({ arn }) => arn.endsWith('RemoveTheCopyRole'));
      const resource = `arn:aws:rds:eu-west-1:111122223333:db:${name}`;
      const { kind } = evaluate(role?.policies ?? [], { action: 'rds:DeleteDBInstance', resource, context });
      expect(kind === 'allowed').toBe(name.startsWith('viridian-copy-') && Object.keys(context).length > 0);
    },
  );

  it('cannot be tagged as a copy, stopped, switched over or decided on by a role of a rehearsal', async () => {
    const on = await setStage(kinds.postgres);
    stage = on;
    const ours = [...on.account.access.roles.values()].filter(({ arn }) => /TheCopyRole$/.test(arn));
    expect(ours).toHaveLength(3);
    const of = 'arn:aws:states:eu-west-1:111122223333:execution:viridian-rehearsal-blue-green-deployment';
    const tag = { 'aws:TagKeys': ['viridian:copy'], 'aws:RequestTag/viridian:copy': 'x' };
    const key = process.env.DECISION_KEY_ID ?? '';
    for (const { policies } of ours)
      for (const [action, resource, context] of [
        ['rds:AddTagsToResource', 'arn:aws:rds:eu-west-1:111122223333:db:orders', tag],
        ['rds:SwitchoverBlueGreenDeployment', 'arn:aws:rds:eu-west-1:111122223333:deployment:bgd-1', {}],
        ['states:StopExecution', `${of}:orders-2026`, {}],
        ['states:StartExecution', of.replace('execution', 'stateMachine'), {}],
        ['kms:GenerateMac', key, {}],
        [
          'lambda:InvokeFunction',
          'arn:aws:lambda:eu-west-1:111122223333:function:viridian-rehearsal-decide',
          {},
        ],
      ] as const)
        expect(evaluate(policies, { action, resource, context }).kind, action).not.toBe('allowed');
  });
});
