import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerQuestion, readQuestion } from '../../rehearsal/approver.ts';
import { processesIn, type Started, start } from './command.ts';

const run = promisify(execFile);
const hasCli = await run('aws', ['--version']).then(
  () => true,
  () => false,
);
if (!hasCli)
  console.log('There is no aws command on this machine: the session of the AWS CLI was not tried.');

const minutes = 60_000;

describe.runIf(hasCli)('a session of the AWS CLI with npm run local', () => {
  let served: Started;
  let url: string;

  beforeAll(async () => {
    served = await start('serve', ['--port', '0']);
    while (!served.output().includes('stepfunctions start-execution') && served.child.exitCode === null)
      await pause(50);
    url = /ready (\S+)/.exec(served.output())?.[1] ?? '';
  }, minutes);

  afterAll(async () => {
    served.child.kill('SIGINT');
    expect(await served.ended).toBe(130);
    expect(await processesIn(served.temporary)).toEqual([]);
  });

  /** Calls the CLI and reads its JSON. */
  async function aws(...args: string[]) {
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const { stdout } = await run('aws', ['--endpoint-url', url, '--output', 'json', ...args], { env });
    return stdout === '' ? {} : JSON.parse(stdout);
  }

  it('reads, refuses, measures and publishes', { timeout: minutes }, async () => {
    const { DBInstances } = await aws('rds', 'describe-db-instances');
    expect(DBInstances).toMatchObject([{ DBInstanceIdentifier: 'orders', DBInstanceStatus: 'available' }]);
    await expect(
      aws('rds', 'switchover-blue-green-deployment', '--blue-green-deployment-identifier', 'bgd-none'),
    ).rejects.toThrow(/BlueGreenDeploymentNotFoundFault/);
    const query = `[{"Id":"a","MetricStat":{"Metric":{"Namespace":"AWS/RDS","MetricName":"CPUUtilization","Dimensions":[{"Name":"DBInstanceIdentifier","Value":"orders"}]},"Period":60,"Stat":"Average"}}]`;
    const times = ['--start-time', '2026-01-01T00:00:00Z', '--end-time', '2026-01-01T01:00:00Z'];
    const metrics = await aws('cloudwatch', 'get-metric-data', '--metric-data-queries', query, ...times);
    expect(metrics.MetricDataResults).toHaveLength(1);
    const topic = /announcements\s+(\S+)/.exec(served.output())?.[1] ?? '';
    expect(await aws('sns', 'publish', '--topic-arn', topic, '--message', 'hello')).toHaveProperty(
      'MessageId',
    );
  });

  it('starts a run that upgrades the database', { timeout: 4 * minutes }, async () => {
    const { stateMachines } = await aws('stepfunctions', 'list-state-machines');
    const machine = stateMachines.find(({ name }: { name: string }) =>
      name.endsWith('-blue-green-deployment'),
    );
    const { DBInstances } = await aws('rds', 'describe-db-instances');
    const from = DBInstances[0].EngineVersion;
    const { DBEngineVersions } = await aws(
      'rds',
      'describe-db-engine-versions',
      '--engine',
      'postgres',
      '--engine-version',
      from,
    );
    const to = DBEngineVersions[0].ValidUpgradeTarget.map(
      (t: { EngineVersion: string }) => t.EngineVersion,
    ).find((v: string) => v.startsWith('17.'));
    const input = JSON.stringify({
      database: 'orders',
      target: { engineVersion: to, parameterGroup: 'orders-postgres17' },
      bake: { minutes: 1 },
    });
    const { executionArn } = await aws(
      'stepfunctions',
      'start-execution',
      '--state-machine-arn',
      machine.stateMachineArn,
      '--input',
      input,
    );
    let answered = false;
    let status = 'RUNNING';
    while (status === 'RUNNING') {
      await pause(1_000);
      ({ status } = await aws('stepfunctions', 'describe-execution', '--execution-arn', executionArn));
      const question = readQuestion({ message: served.output() });
      if (question && !answered) {
        answered = true;
        await answerQuestion(question, 'approve');
      }
    }
    expect(status, served.output()).toBe('SUCCEEDED');
    const { DBInstances: after } = await aws(
      'rds',
      'describe-db-instances',
      '--db-instance-identifier',
      'orders',
    );
    expect(after[0].EngineVersion).toBe(to);
    const { events } = await aws('stepfunctions', 'get-execution-history', '--execution-arn', executionArn);
    expect(events.at(-1).type).toBe('ExecutionSucceeded');
  });
});
