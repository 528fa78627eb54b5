import { DescribeBlueGreenDeploymentsCommand } from '@aws-sdk/client-rds';
import { beforeEach, describe, expect, test } from 'vitest';
import { askForMarks } from '../../functions/aws/facts/marks.ts';
import { handler as markDatabases } from '../../functions/events/mark-databases.ts';
import { fakeMarks } from './fake-marks.ts';
import { awsError, executionArn, fakeRds, record } from './fake-rds.ts';
import { beforeCut, greenId } from './runs.ts';

const { deployment } = beforeCut;
const databases = [{ arn: deployment.green?.arn ?? '', resourceId: greenId, mark: 'green' as const }];
let rds: ReturnType<typeof fakeRds>;
beforeEach(() => {
  rds = fakeRds(beforeCut.described());
  fakeMarks('orders');
});

describe('the function that marks databases', () => {
  const turnedAway = () =>
    rds.stub.on(DescribeBlueGreenDeploymentsCommand).rejects(awsError('ThrottlingException'));

  test('answers that AWS turned it away, and marks nothing', async () => {
    turnedAway();
    expect(await markDatabases({ executionArn, databases })).toMatchObject({ kind: 'turned-away' });
    expect(rds.writes()).toEqual([]);
  });

  test('who asks it is turned away, too: that is asked again for hours, and no clean-up that has failed', async () => {
    turnedAway();
    await expect(askForMarks(databases, executionArn)).rejects.toMatchObject({ name: 'BlueGreen.Throttled' });
  });

  test('reads the deployment of the run by its name, and not every deployment of the account', async () => {
    rds.state.records = [{ ...record('AVAILABLE'), BlueGreenDeploymentName: 'viridian-db-orders' }];
    await markDatabases({ executionArn, databases });
    const asked = rds.stub
      .commandCalls(DescribeBlueGreenDeploymentsCommand)
      .map(({ args: [{ input }] }) => input);
    expect(asked.every(({ Filters = [] }) => Filters[0]?.Name === 'blue-green-deployment-name')).toBe(true);
    expect(asked).toHaveLength(2);
  });
});
