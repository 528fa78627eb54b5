import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Deployment } from '../../functions/domain/model/deployment.ts';
import { handler as makeTheRollbackTarget } from '../../functions/handlers/way-back/make-the-rollback-target.ts';
import { handler as waitForTheRollbackTarget } from '../../functions/handlers/way-back/wait-for-the-rollback-target.ts';
import type { Fault } from '../../packages/local-aws/wire/endpoint.ts';
import { AwsError } from '../../packages/local-aws/wire/service.ts';
import { Bench, minute, type Run } from './bench.ts';
import { kinds, retried, switchedOver } from './paths.ts';

const fence = 'sg-0123456789abcdef0';

let bench: Bench;
let run: Run;
beforeEach(async () => {
  bench = new Bench();
  const aurora = kinds.find(({ kind }) => kind.includes('Aurora'));
  await aurora?.build(bench);
  run = await switchedOver(bench, { ...aurora?.request, oldBlue: { fenceSecurityGroup: fence } });
});
afterEach(() => bench.close());

const busy = { name: 'BlueGreen.Busy' };
const steps = ['RestoreDBClusterToPointInTime', 'CreateDBInstance'];
const lost: [string, Fault][] = [
  ['was done', { after: { drop: true } }],
  ['was not done', { before: { drop: true } }],
];

/** The next call of an operation meets this fault. */
function disturb(operation: string, fault: Fault): void {
  let left = 1;
  bench.intercept = (call) => {
    if (call.operation !== operation || left === 0) return undefined;
    left -= 1;
    return fault;
  };
}

/** Takes steps and looks, as the state machine does, until the clone is there. */
async function make(): Promise<Deployment> {
  for (let looks = 0; looks < 200; looks += 1) {
    await retried(bench, () => bench.invoke(makeTheRollbackTarget, run));
    const made = await bench.look<Deployment>(waitForTheRollbackTarget, run);
    if (made) return made;
    await bench.pass(minute);
  }
  throw new Error('the clone is never there');
}

/** Clusters that are neither side, with their tag and their instances. */
function clones() {
  const sides = [run.deployment.blue.resourceId, run.deployment.green?.resourceId];
  const { clusters, instances } = bench.rds.world;
  return clusters
    .filter(({ DbClusterResourceId }) => !sides.includes(DbClusterResourceId))
    .map(({ DBClusterIdentifier, VpcSecurityGroups = [], TagList = [] }) => ({
      groups: VpcSecurityGroups.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId),
      run: TagList.find(({ Key }) => Key === 'viridian:execution')?.Value,
      instances: instances.filter((one) => one.DBClusterIdentifier === DBClusterIdentifier).length,
    }));
}

const expectOneClone = () =>
  expect(clones()).toEqual([{ groups: [fence], run: run.executionArn, instances: 1 }]);

test.each(steps.flatMap((step) => lost.map(([what, fault]) => [step, what, fault] as const)))(
  'a %s whose answer is lost and that %s ends in one clone with one instance',
  async (operation, _, fault) => {
    disturb(operation, fault);

    const { clone } = await make();

    expectOneClone();
    expect(clone?.members).toHaveLength(1);
    expect(bench.sent(operation)).toBe(fault.after ? 1 : 2);
  },
);

test('a clone that RDS does not show yet is looked for again, and not made twice', async () => {
  const before = structuredClone(bench.rds.world);
  await bench.invoke(makeTheRollbackTarget, run);
  bench.rds.staleReads.remember(before, 1);

  await expect(bench.invoke(makeTheRollbackTarget, run)).rejects.toMatchObject(busy);
  await make();

  expectOneClone();
});

test('steps that are taken again and again make nothing more', async () => {
  for (let again = 0; again < 3; again += 1) await bench.invoke(makeTheRollbackTarget, run);
  await make();
  await bench.invoke(makeTheRollbackTarget, run);

  expectOneClone();
  for (const step of steps) expect([step, bench.sent(step)]).toEqual([step, 1]);
});

test.each([
  ['RestoreDBClusterToPointInTime', 'DBClusterQuotaExceededFault'],
  ['CreateDBInstance', 'InsufficientDBInstanceCapacityFault'],
])('a %s that RDS refuses for good is called that, and not tried again', async (operation, name) => {
  disturb(operation, { before: { refuse: new AwsError(name, 'none left') } });

  await expect(make()).rejects.toMatchObject({ name: 'BlueGreen.ProvisioningFailed' });

  expect(bench.sent(operation)).toBe(1);
});
