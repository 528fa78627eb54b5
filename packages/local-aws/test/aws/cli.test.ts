import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScaledClock } from '../../clock.ts';
import { LambdaService } from '../../services/lambda.ts';
import { serveLambda } from '../../services/lambda-service.ts';
import { Route53Service } from '../../services/route53.ts';
import { createEndpoint, type HttpServer } from '../../wire/endpoint.ts';
import { AwsError, type Service } from '../../wire/service.ts';

const run = promisify(execFile);

function findCli(): string | undefined {
  try {
    return execFileSync('aws', ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** Both majors of the CLI then read a payload as it is and print instants alike. */
const config = '[default]\ncli_binary_format = raw-in-base64-out\ncli_timestamp_format = iso8601\n';

const cli = findCli();
if (!cli) console.log('The AWS CLI is not installed here; its calls are not tried.');

const clock = new ScaledClock();
const route53 = new Route53Service({ clock });
const created = new Date('2026-01-02T03:04:05.678Z');
const functions = new LambdaService({ clock });
functions.register('viridian-hook-test', (event) => ({ verdict: 'pass', facts: event }));

const services: Service[] = [
  {
    name: 'rds',
    operations: {
      DescribeDBInstances: ({ DBInstanceIdentifier: id, Filters: filters }) => {
        if (id) throw new AwsError('DBInstanceNotFoundFault', `DBInstance ${id} not found.`);
        const TagList = filters.map(({ Name, Values }: { Name: string; Values: string[] }) => ({
          Key: Name,
          Value: Values.join(' & '),
        }));
        return { DBInstances: [{ DBInstanceIdentifier: 'orders', InstanceCreateTime: created, TagList }] };
      },
    },
  },
  {
    name: 'monitoring',
    operations: {
      GetMetricData: ({ MetricDataQueries: [query], StartTime }) => ({
        MetricDataResults: [{ Id: query.Id, Timestamps: [StartTime], Values: [0.25] }],
      }),
    },
  },
  {
    name: 'states',
    operations: {
      DescribeExecution: ({ executionArn }) => ({
        executionArn,
        stateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:m',
        status: 'RUNNING',
        startDate: created,
      }),
    },
  },
  serveLambda(functions),
  route53,
];

describe.runIf(cli)('the AWS CLI', () => {
  let server: HttpServer;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'viridian-cli-'));
    await writeFile(join(folder, 'config'), config);
    server = await createEndpoint({ services }).listen(0);
  });

  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  async function aws(...command: string[]): Promise<string> {
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: join(folder, 'config'),
      AWS_PROFILE: undefined,
      AWS_MAX_ATTEMPTS: '1',
      AWS_PAGER: '',
    };
    const { stdout } = await run('aws', ['--endpoint-url', server.url, '--output', 'json', ...command], {
      env,
    });
    return stdout;
  }

  it('reads databases by Query', async () => {
    const filters = 'Name=engine,Values=postgres,aurora-postgresql';
    const answer = JSON.parse(await aws('rds', 'describe-db-instances', '--filters', filters));
    expect(answer.DBInstances).toMatchObject([
      { DBInstanceIdentifier: 'orders', TagList: [{ Key: 'engine', Value: 'postgres & aurora-postgresql' }] },
    ]);
    expect(new Date(answer.DBInstances[0].InstanceCreateTime)).toEqual(created);
  });

  it('hears a refusal by its code on the wire', async () => {
    const asked = aws('rds', 'describe-db-instances', '--db-instance-identifier', 'nobody');
    await expect(asked).rejects.toMatchObject({
      stderr: expect.stringContaining('(DBInstanceNotFound) when calling the DescribeDBInstances operation'),
    });
  });

  it('reads metrics', async () => {
    const queries = JSON.stringify([{ Id: 'lag', Expression: 'm1' }]);
    const [start, end] = ['2026-01-02T03:04:05Z', '2026-01-02T04:00:00Z'];
    const answer = JSON.parse(
      await aws(
        ...['cloudwatch', 'get-metric-data', '--metric-data-queries', queries],
        ...['--start-time', start, '--end-time', end],
      ),
    );
    expect(answer.MetricDataResults).toMatchObject([{ Id: 'lag', Values: [0.25] }]);
    expect(new Date(answer.MetricDataResults[0].Timestamps[0])).toEqual(new Date(start));
  });

  it('reads an execution by JSON', async () => {
    const arn = 'arn:aws:states:eu-central-1:123456789012:execution:m:run-1';
    const answer = JSON.parse(await aws('stepfunctions', 'describe-execution', '--execution-arn', arn));
    expect(answer).toMatchObject({ executionArn: arn, status: 'RUNNING' });
    expect(new Date(answer.startDate).getTime()).toBe(created.getTime());
  });

  it('changes a record by REST with XML, and reads it', async () => {
    const zone = ['--hosted-zone-id', route53.addZone('example.com')];
    const ResourceRecordSet = {
      Name: 'db.example.com',
      Type: 'CNAME',
      TTL: 60,
      ResourceRecords: [{ Value: 'orders.example.org' }],
    };
    const batch = JSON.stringify({ Changes: [{ Action: 'UPSERT', ResourceRecordSet }] });
    const { ChangeInfo } = JSON.parse(
      await aws('route53', 'change-resource-record-sets', ...zone, '--change-batch', batch),
    );
    expect(ChangeInfo.Status).toBe('PENDING');
    const listed = JSON.parse(await aws('route53', 'list-resource-record-sets', ...zone));
    expect(listed.ResourceRecordSets).toEqual([{ ...ResourceRecordSet, Name: 'db.example.com.' }]);
  });

  it('invokes a function', async () => {
    const payload = JSON.stringify({ stage: 'green' });
    const file = join(folder, 'answer.json');
    const name = ['--function-name', 'viridian-hook-test'];
    const answer = JSON.parse(await aws('lambda', 'invoke', ...name, '--payload', payload, file));
    expect(answer.StatusCode).toBe(200);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ verdict: 'pass', facts: { stage: 'green' } });
  });
});
