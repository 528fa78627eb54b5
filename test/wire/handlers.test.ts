import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Deployment, Serving, Window } from '../../functions/domain/model/deployment.ts';
import type { Outcome } from '../../functions/domain/outcome/outcome.ts';
import { handler as checkPreconditions } from '../../functions/handlers/accept/check-preconditions.ts';
import { handler as checkParity } from '../../functions/handlers/build/check-parity.ts';
import { handler as createGreen } from '../../functions/handlers/build/create-green.ts';
import { handler as removeGreen } from '../../functions/handlers/build/remove-green.ts';
import { handler as waitForGreen } from '../../functions/handlers/build/wait-for-green.ts';
import { handler as waitForRemoval } from '../../functions/handlers/build/wait-for-removal.ts';
import { handler as deleteOldBlue } from '../../functions/handlers/close/delete-old-blue.ts';
import { handler as releaseTheDeploymentRecord } from '../../functions/handlers/close/release-the-deployment-record.ts';
import { handler as takeFinalSnapshot } from '../../functions/handlers/close/take-final-snapshot.ts';
import { handler as waitForDeletion } from '../../functions/handlers/close/wait-for-deletion.ts';
import { handler as waitForRetention } from '../../functions/handlers/close/wait-for-retention.ts';
import { handler as waitForSnapshot } from '../../functions/handlers/close/wait-for-snapshot.ts';
import { handler as findProductionSide } from '../../functions/handlers/cut/find-production-side.ts';
import { handler as startSwitchover } from '../../functions/handlers/cut/start-switchover.ts';
import { handler as waitForSwitchover } from '../../functions/handlers/cut/wait-for-switchover.ts';
import { handler as finalCheck } from '../../functions/handlers/hold/final-check.ts';
import { handler as findTheNextWindow } from '../../functions/handlers/hold/find-the-next-window.ts';
import { handler as takeTheBaseline } from '../../functions/handlers/hold/take-the-baseline.ts';
import { handler as waitForReplicationToCatchUp } from '../../functions/handlers/hold/wait-for-replication-to-catch-up.ts';
import { handler as waitForWindow } from '../../functions/handlers/hold/wait-for-window.ts';
import { handler as notify } from '../../functions/handlers/outcome/notify.ts';
import { handler as recordOutcome } from '../../functions/handlers/outcome/record-outcome.ts';
import { handler as bake } from '../../functions/handlers/prove/bake.ts';
import { handler as verifyProduction } from '../../functions/handlers/prove/verify-production.ts';
import { Bench, executionArn, minute, type Run } from './bench.ts';
import { kinds, retried, switchedOver, until, withGreen } from './paths.ts';

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  process.env.ANNOUNCEMENTS_TOPIC_ARN = 'arn:aws:sns:eu-west-1:111122223333:announcements';
  process.env.RUNBOOK = 'https://runbook.example';
});
afterEach(() => {
  bench.close();
  delete process.env.ANNOUNCEMENTS_TOPIC_ARN;
  delete process.env.RUNBOOK;
});

describe.each(kinds)('$kind', ({ request, build }) => {
  beforeEach(() => build(bench));

  test('goes from request to new production, and to the end of old blue', async () => {
    const oldBlue = { deleteAfterDays: 1, fenceSecurityGroup: 'sg-0123456789abcdef0' };
    const run = await withGreen(bench, { ...request, oldBlue });
    const { engineVersion } = request.target;
    expect(run.deployment).toMatchObject({ status: 'AVAILABLE', green: { engineVersion } });

    const compared = { ...run, deployment: await bench.invoke(checkParity, run) };
    expect(compared.deployment.planHash).toMatch(/^[0-9a-f]{64}$/);
    const window: Window = await bench.invoke(findTheNextWindow, compared);
    await until(bench, waitForWindow, { ...compared, window });
    const caughtUp = await until<Deployment>(bench, waitForReplicationToCatchUp, compared);
    expect(caughtUp.lag?.points).toHaveLength(3);
    const checked = await bench.invoke(finalCheck, {
      ...compared,
      deployment: caughtUp,
      window,
      approval: {},
    });
    expect(checked.planHash).toBe(compared.deployment.planHash);

    const cut = { ...run, deployment: checked };
    expect(await bench.invoke(startSwitchover, cut)).toEqual({ accepted: true });
    expect(await until(bench, waitForSwitchover, cut)).toEqual({
      status: 'SWITCHOVER_COMPLETED',
      because: '',
    });
    const serving: Serving = await bench.invoke(findProductionSide, cut);
    expect(serving).toMatchObject({ side: 'green', deployment: { green: { id: request.database } } });
    expect(serving.deployment?.blue.resourceId).toBe(checked.blue.resourceId);
    expect(serving.deployment?.green?.endpoint).toBe(checked.blue.endpoint);

    const production = { ...cut, deployment: serving.deployment as Deployment };
    const bakeUntil = new Date(bench.clock.now() + 5 * minute).toISOString();
    const wayBack = {
      possible: false,
      because: 'none was asked for',
      databases: [],
      open: false,
      attached: false,
    };
    const verified = {
      ...cut,
      deployment: await bench.invoke(verifyProduction, { ...production, wayBack }),
    };
    const baked = { bakeSince: new Date(bench.clock.now()).toISOString(), bakeUntil, deadline: bakeUntil };
    const baseline = await bench.invoke(takeTheBaseline, cut);
    await until(bench, bake, { ...verified, ...baked, baseline, wayBack });

    const deployment = await retried(bench, () => bench.invoke(releaseTheDeploymentRecord, verified));
    expect(deployment.recordReleased).toBe(true);
    const released = { ...verified, deployment };
    const since = new Date(bench.clock.now()).toISOString();
    await until(bench, waitForRetention, { ...released, deadline: bakeUntil });
    const snapshot = await retried(bench, () => bench.invoke(takeFinalSnapshot, { ...released, since }));
    await until(bench, waitForSnapshot, { ...released, snapshot });
    await bench.pass(minute);
    await retried(bench, () => bench.invoke(deleteOldBlue, { ...released, snapshot }));
    await until(bench, waitForDeletion, released);

    const { deployments, instances, snapshots, clusterSnapshots } = bench.rds.world;
    expect(deployments).toEqual([]);
    expect(instances.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier).toSorted()).toEqual(
      checked.blue.members.map(({ id }) => id).toSorted(),
    );
    expect(bench.dataPlane.writable()).toEqual([checked.green?.resourceId]);
    expect([...snapshots, ...clusterSnapshots]).toMatchObject([{ Status: 'available' }]);
  });

  test('loses green, and nothing else, when it stops before the cut', async () => {
    const run = await withGreen(bench, request);
    const deployment = await retried(bench, () => bench.invoke(removeGreen, run));
    await until(bench, waitForRemoval, { ...run, deployment });

    expect(bench.rds.world.deployments).toEqual([]);
    expect(bench.dataPlane.writable()).toEqual([run.deployment.blue.resourceId]);
    expect(bench.rds.world.instances).toHaveLength(run.deployment.blue.members.length);
  });

  test('keeps production when somebody asks to remove green after the cut', async () => {
    const run = await switchedOver(bench, request);
    const writes = bench.writes().length;

    await expect(bench.invoke(removeGreen, run)).rejects.toMatchObject({ name: 'BlueGreen.OutcomeUnknown' });

    expect(bench.writes()).toHaveLength(writes);
  });

  test('takes up what a failed run left behind', async () => {
    const failed = await withGreen(bench, request);
    bench.executions.set(executionArn, 'FAILED');
    const run = {
      ...failed,
      executionArn: `${executionArn}-again`,
      request: { ...failed.request, adopt: failed.deployment.id },
    };
    bench.executions.set(run.executionArn, 'RUNNING');

    const { deployment } = await bench.invoke(checkPreconditions, { ...run, hooks: [] });
    const adopted = await bench.invoke(createGreen, { ...run, deployment });

    expect(adopted.id).toBe(failed.deployment.id);
    expect(deployment.blue.members.map(({ id }) => id)).toEqual(
      failed.deployment.blue.members.map(({ id }) => id),
    );
    expect(await until<Deployment>(bench, waitForGreen, { ...run, deployment: adopted })).toMatchObject({
      green: failed.deployment.green,
    });
    await expect(bench.invoke(startSwitchover, failed)).rejects.toMatchObject({
      name: 'BlueGreen.UnexpectedState',
    });
    expect(bench.sent('CreateBlueGreenDeployment')).toBe(1);
  });

  test('keeps what an open run is at work on', async () => {
    const first = await withGreen(bench, request);
    const second = {
      ...first,
      executionArn: `${executionArn}-again`,
      request: { ...first.request, adopt: first.deployment.id },
    };
    bench.executions.set(second.executionArn, 'RUNNING');
    const writes = bench.writes().length;

    await expect(bench.invoke(createGreen, second)).rejects.toMatchObject({
      name: 'BlueGreen.PreconditionFailed',
    });

    expect(bench.writes()).toHaveLength(writes);
  });

  test('has its end put into words and announced', async () => {
    const run = await switchedOver(bench, request);
    const outcome = await endOf(run);
    const call = { requestId: '1', service: 'sns', operation: 'CreateTopic' };
    bench.sns.operations.CreateTopic?.({ Name: 'announcements' }, call);

    await bench.invoke(notify, { ...run, outcome, end: 'Green serves production' });

    expect(outcome.text).toContain(run.deployment.green?.resourceId);
    expect(outcome.json.leftovers).toMatchObject([{ what: 'old blue' }, { what: 'deployment record' }]);
    expect(bench.sns.messages).toMatchObject([
      {
        subject: outcome.subject,
        message: outcome.text,
        attributes: {
          end: { StringValue: 'Green serves production' },
          database: { StringValue: run.deployment.database.id },
        },
      },
    ]);
  });
});

test('the record of Aurora stays while nothing fences old blue', async () => {
  const aurora = kinds[1];
  await aurora?.build(bench);
  const run = await switchedOver(bench, aurora?.request ?? {});

  const deployment = await bench.invoke(releaseTheDeploymentRecord, run);

  expect(deployment).toMatchObject({
    recordReleased: false,
    recordKeptBecause: expect.stringContaining('fence'),
  });
  expect(bench.rds.world.deployments).toHaveLength(1);
  expect(bench.dataPlane.writable()).toEqual([run.deployment.green?.resourceId]);
});

function endOf(run: Run): Promise<Outcome> {
  return bench.invoke(recordOutcome, {
    ...run,
    findings: [],
    serving: {},
    snapshot: {},
    failure: null,
    cleanupFailure: null,
    end: 'Green serves production',
    startedAt: new Date(bench.clock.now() - minute).toISOString(),
  });
}
