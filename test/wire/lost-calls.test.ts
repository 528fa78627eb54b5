import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readInstance } from '../../functions/aws/rds/read.ts';
import { handler as createGreen } from '../../functions/handlers/build/create-green.ts';
import { handler as removeGreen } from '../../functions/handlers/build/remove-green.ts';
import { handler as waitForGreen } from '../../functions/handlers/build/wait-for-green.ts';
import { handler as findProductionSide } from '../../functions/handlers/cut/find-production-side.ts';
import { handler as startSwitchover } from '../../functions/handlers/cut/start-switchover.ts';
import { handler as waitForSwitchover } from '../../functions/handlers/cut/wait-for-switchover.ts';
import type { Fault } from '../../packages/local-aws/wire/endpoint.ts';
import { AwsError } from '../../packages/local-aws/wire/service.ts';
import { Bench, minute } from './bench.ts';
import { begin, kinds, retried, until, withGreen } from './paths.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(() => bench.close());

/** From now on the first `times` calls of an operation meet this fault. */
function disturb(operation: string, fault: Fault, times = 1): void {
  let left = times;
  bench.intercept = (call) => {
    if (call.operation !== operation || left === 0) return undefined;
    left -= 1;
    return fault;
  };
}

const lostBefore: Fault = { before: { drop: true } };
const lostAfter: Fault = { after: { drop: true } };
const refusal = (name: string): Fault => ({ before: { refuse: new AwsError(name, 'not now') } });
const busy = { name: 'BlueGreen.Busy' };
const throttled = { name: 'BlueGreen.Throttled' };
const unexpected = { name: 'BlueGreen.UnexpectedState' };

describe.each(kinds)('$kind', ({ request, build }) => {
  beforeEach(() => build(bench));

  test.each([
    ['was done', lostAfter],
    ['was not done', lostBefore],
  ])('a Create whose answer is lost and that %s ends in one deployment', async (_, fault) => {
    const run = await begin(bench, request);
    disturb('CreateBlueGreenDeployment', fault);

    await expect(bench.invoke(createGreen, run)).rejects.toMatchObject(busy);
    expect(bench.sent('CreateBlueGreenDeployment')).toBe(1);
    const deployment = await bench.invoke(createGreen, run);

    expect(bench.rds.world.deployments).toMatchObject([{ id: deployment.id, name: deployment.name }]);
  });

  test('a Create that RDS does not show yet is looked for again, not repeated', async () => {
    const run = await begin(bench, request);
    const before = structuredClone(bench.rds.world);
    const { id } = await bench.invoke(createGreen, run);
    bench.rds.staleReads.remember(before, 1);

    await expect(bench.invoke(createGreen, run)).rejects.toMatchObject(busy);

    expect(await retried(bench, () => bench.invoke(createGreen, run))).toMatchObject({ id });
    expect(bench.rds.world.deployments).toHaveLength(1);
  });

  test.each([
    ['was accepted', lostAfter, 'green'],
    ['was not accepted', lostBefore, 'blue'],
  ])('a switchover whose answer is lost and that %s is sent once and found out', async (_, fault, side) => {
    const run = await withGreen(bench, request);
    disturb('SwitchoverBlueGreenDeployment', fault);

    await expect(bench.invoke(startSwitchover, run)).rejects.toMatchObject(unexpected);
    await until(bench, waitForSwitchover, run);

    expect(await bench.invoke(findProductionSide, run)).toMatchObject({ side });
    expect(bench.sent('SwitchoverBlueGreenDeployment')).toBe(1);
  });

  test.each([
    ['Throttling', throttled],
    ['InvalidBlueGreenDeploymentStateFault', busy],
    ['InvalidParameterCombination', busy],
  ])('a switchover that is refused with %s is proved not to have begun', async (name, ours) => {
    const run = await withGreen(bench, request);
    disturb('SwitchoverBlueGreenDeployment', refusal(name));

    await expect(bench.invoke(startSwitchover, run)).rejects.toMatchObject(ours);

    expect(bench.sent('SwitchoverBlueGreenDeployment')).toBe(1);
  });

  test('a refusal proves nothing when the status cannot be read afterwards', async () => {
    const run = await withGreen(bench, request);
    let asked = false;
    bench.intercept = ({ operation }) => {
      if (operation === 'SwitchoverBlueGreenDeployment') asked = true;
      return asked ? refusal('Throttling') : undefined;
    };

    await expect(bench.invoke(startSwitchover, run)).rejects.toMatchObject(unexpected);
  });

  test('a switchover that is refused because it runs already is not called refused', async () => {
    const run = await withGreen(bench, request);
    const [deployment] = bench.rds.world.deployments;
    bench.intercept = ({ operation }) => {
      if (operation !== 'SwitchoverBlueGreenDeployment' || !deployment) return undefined;
      deployment.status = 'SWITCHOVER_IN_PROGRESS';
      return refusal('InvalidBlueGreenDeploymentStateFault');
    };

    await expect(bench.invoke(startSwitchover, run)).rejects.toMatchObject(unexpected);
  });

  test('a switchover is not asked for twice', async () => {
    const run = await withGreen(bench, request);
    await bench.invoke(startSwitchover, run);

    expect(await bench.invoke(startSwitchover, run)).toEqual({ accepted: true });
    await until(bench, waitForSwitchover, run);
    expect(await bench.invoke(startSwitchover, run)).toEqual({ accepted: true });

    expect(bench.sent('SwitchoverBlueGreenDeployment')).toBe(1);
  });

  test('a guardrail that stops the switchover is told with its reason, and blue serves', async () => {
    const run = await withGreen(bench, request);
    bench.dataPlane.behaviour.guardrails.push('a transaction is open for 3 hours');
    await bench.invoke(startSwitchover, run);

    const ended = await until<{ status: string; because: string }>(bench, waitForSwitchover, run);

    expect(ended.status).toBe('AVAILABLE');
    expect(ended.because).toContain('a transaction is open for 3 hours');
    expect(await bench.invoke(findProductionSide, run)).toMatchObject({ side: 'blue' });
  });

  test('an AVAILABLE that is older than the accepted call does not end the wait', async () => {
    const run = await withGreen(bench, request);
    const before = structuredClone(bench.rds.world);
    await bench.invoke(startSwitchover, run);
    // One invocation reads four times.
    bench.rds.staleReads.remember(before, 3);

    expect(await bench.look(waitForSwitchover, run)).toBeUndefined();
  });

  test.each([
    ['was done', lostAfter],
    ['was not done', lostBefore],
  ])('a removal whose answer is lost and that %s is finished by the next attempt', async (_, fault) => {
    const run = await withGreen(bench, request);
    for (const _preparation of ['mark green', 'turn off its protection']) {
      await expect(bench.invoke(removeGreen, run)).rejects.toMatchObject(busy);
      await bench.pass(5 * minute);
    }
    disturb('DeleteBlueGreenDeployment', fault);

    await expect(bench.invoke(removeGreen, run)).rejects.toMatchObject(busy);
    await bench.invoke(removeGreen, run);
    await bench.pass(60 * minute);

    expect(bench.rds.world.deployments).toEqual([]);
    expect(bench.rds.world.instances).toHaveLength(run.deployment.blue.members.length);
  });

  test('a look that is throttled leaves its token open', async () => {
    const run = await begin(bench, request);
    const created = { ...run, deployment: await bench.invoke(createGreen, run) };
    disturb('DescribeBlueGreenDeployments', refusal('Throttling'), 3);

    expect(await bench.look(waitForGreen, created)).toBeUndefined();

    expect(bench.sent('SendTaskSuccess')).toBe(0);
  });
});

test('a reading client sends a lost call three times', async () => {
  disturb('DescribeDBInstances', lostBefore, 9);

  await expect(readInstance('orders')).rejects.toMatchObject({ name: 'TimeoutError' });

  expect(bench.sent('DescribeDBInstances')).toBe(3);
});
