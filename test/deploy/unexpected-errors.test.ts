import { GenerateMacCommand, KMSClient, VerifyMacCommand } from '@aws-sdk/client-kms';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { describeAlarms } from '../../deploy/alarms.ts';
import { functionId, ref, type Value } from '../../deploy/cloudformation.ts';
import { functionKeys, functionSpecs, taskKeys } from '../../deploy/functions.ts';
import { machineRows } from '../../deploy/machines.ts';
import { machineArn } from '../../deploy/names.ts';
import { writeClaims } from '../../functions/domain/approval/link.ts';
import { proofHeader, writeProof } from '../../functions/domain/approval/proof.ts';
import * as errors from '../../functions/domain/model/errors.ts';
import { handler as approvalPage } from '../../functions/http/approval-page.ts';
import { handler as decide } from '../../functions/http/decide.ts';
import { handler as decideWithIam } from '../../functions/http/decide-with-iam.ts';
import { handler as runPages } from '../../functions/http/run-pages.ts';
import { task } from '../../functions/tasks/task.ts';
import { awsError, executionArn, lostAnswer } from '../handlers/fake-rds.ts';
import { quietly } from '../handlers/quiet.ts';
import { defaultSettings } from './default-settings.ts';
import { evaluate, places } from './deploy-time.ts';

const quiet = quietly();
const kms = mockClient(KMSClient);
const sts = mockClient(STSClient);
const lambda = mockClient(LambdaClient);
const states = mockClient(SFNClient);
const place = places[0] as (typeof places)[number];
const alarms = describeAlarms(defaultSettings);

interface Watched {
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: Value }[];
}

/** The metrics that an alarm adds up, or its only one. */
function watchedBy(id: string): Watched[] {
  const { Metrics, ...one } = (alarms[id]?.Properties ?? {}) as unknown as Watched & {
    Metrics?: { MetricStat?: { Metric: Watched } }[];
  };
  if (Metrics) return Metrics.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []));
  const { Namespace, MetricName, Dimensions } = one;
  return [{ Namespace, MetricName, Dimensions }];
}

interface EmbeddedMetrics {
  _aws?: {
    CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[];
  };
}

/** What CloudWatch makes of the lines of a log: a metric for each set of dimensions, with its value. */
function measured(): (Watched & { value: unknown })[] {
  return (quiet.lines as EmbeddedMetrics[]).flatMap((line) =>
    (line._aws?.CloudWatchMetrics ?? []).flatMap(({ Namespace, Dimensions, Metrics }) =>
      Dimensions.flatMap((names) =>
        Metrics.map(({ Name }) => ({
          Namespace,
          MetricName: Name,
          Dimensions: names.map((name) => ({ Name: name, Value: String(line[name as keyof typeof line]) })),
          value: line[Name as keyof typeof line],
        })),
      ),
    ),
  );
}

/** The one metric of the alarm that functions write. */
const counted = watchedBy('UnexpectedErrorAlarm')
  .filter(({ Namespace }) => !Namespace.startsWith('AWS/'))
  .map((metric) => ({ ...metric, value: 1 }));

const failing = (thrown: unknown) =>
  task('Check parity', async () => Promise.reject(thrown))({ executionArn }).catch(() => undefined);

beforeEach(() => {
  const arn = machineArn(defaultSettings.prefix, 'blue-green-deployment');
  process.env.ROLL_BACK_STATE_MACHINE_ARN =
    'arn:aws:states:eu-west-1:111122223333:stateMachine:viridian-dev-roll-back';
  process.env.STATE_MACHINE_ARN = String(evaluate({ Resources: {}, Outputs: {} }, place, arn));
  process.env.LINK_KEY_ID = process.env.DECISION_KEY_ID = 'key';
  process.env.DECIDE_FUNCTION = 'decide';
  process.env.AWS_REGION = 'eu-west-1';
  process.env.PAGE_URL = 'https://page.test/approval';
  process.env.RUNBOOK = 'https://runbook.example';
  kms.reset();
});

describe('a task', () => {
  it.each([
    ['a fault of our own', new TypeError('x is not a function')],
    ['what RDS said and nobody knows', new errors.UnexpectedState('status "melting"')],
    ['a right that AWS denies', awsError('AccessDenied')],
  ])('counts %s once, as the alarm reads it', async (_, thrown) => {
    await failing(thrown);
    expect(counted).toHaveLength(1);
    expect(measured()).toEqual(counted);
  });

  const answers = Object.values(errors)
    .filter((value) => typeof value === 'function')
    .filter((type) => type !== errors.UnexpectedState)
    .map((type) => Reflect.construct(type, ['no']) as Error);
  it.each([...answers, awsError('Throttling'), lostAnswer()])(
    'counts no answer that the run deals with: %s',
    async (thrown) => {
      await failing(thrown);
      expect(quiet.lines.at(-1)).toMatchObject({ event: 'task.failed' });
      expect(measured()).toEqual([]);
    },
  );

  it('knows the name of the metrics by its environment', () => {
    for (const key of taskKeys) expect(functionSpecs[key].environment, key).toContain('STATE_MACHINE_ARN');
  });
});

const seal = Buffer.alloc(32).toString('base64url');
const by = 'arn:aws:iam::111122223333:user/ops';
const text = JSON.stringify({
  execution: 'arn:aws:states:eu-west-1:111122223333:execution:viridian-dev-blue-green-deployment:run-1',
  group: 'dba',
  act: { kind: 'show' },
});
const start = JSON.stringify({ execution: '', group: '', act: { kind: 'request', input: {} } });
const names = 'content-type;host;x-amz-date;x-viridian-act';
const proof = {
  authorization: `AWS4-HMAC-SHA256 Credential=AKIA/20261121/eu-west-1/sts/aws4_request, SignedHeaders=${names}, Signature=${'0'.repeat(64)}`,
  date: '20261121T120000Z',
};
const byIam = {
  headers: { 'content-type': 'application/json', [proofHeader]: writeProof(proof) },
  requestContext: { http: { method: 'POST' }, authorizer: { iam: { userArn: by } } },
  body: text,
};
const claims = { purpose: 'decide', execution: 'run-1', group: 'dba', plan: 'plan', expires: 4e9 } as const;
const byLink = {
  rawQueryString: `${writeClaims(claims, Buffer.alloc(12), Buffer.alloc(32))}.${seal}`,
  requestContext: { http: { method: 'GET' } },
};

const ofARun = {
  ...byIam,
  requestContext: { ...byIam.requestContext, http: { method: 'GET' } },
  pathParameters: { name: 'run-1' },
};

const http = {
  decide: () => decide({ via: 'iam', by, text: start, proof }),
  decideWithIam: () => decideWithIam(byIam),
  approvalPage: () => approvalPage(byLink),
  runPages: () => runPages(ofARun),
} as const;

describe.each(Object.entries(http))('%s', (_, call) => {
  const answer = (error: Error) => {
    kms.on(GenerateMacCommand).rejects(error);
    kms.on(VerifyMacCommand).rejects(error);
    sts.on(GetCallerIdentityCommand).resolves({ Arn: by });
    lambda.on(InvokeCommand).rejects(error);
    states.on(DescribeExecutionCommand).rejects(error);
    return call();
  };

  it('counts once what it answers with "later" and does not know', async () => {
    await answer(awsError('AccessDeniedException'));
    expect(measured()).toEqual(counted);
  });

  it('counts no throttled call', async () => {
    await answer(awsError('Throttling'));
    expect(measured()).toEqual([]);
  });
});

describe('the approval page', () => {
  it('counts no link that is forged: a stranger rings no alarm', async () => {
    kms.on(VerifyMacCommand).rejects(awsError('KMSInvalidMacException'));
    expect((await approvalPage(byLink)).statusCode).toBe(404);
    expect(kms.commandCalls(VerifyMacCommand)).toHaveLength(1);
    expect(measured()).toEqual([]);
  });
});

describe('a function that dies where no code of ours sees it', () => {
  const errorsWatched = Object.keys(alarms)
    .flatMap(watchedBy)
    .filter(({ Namespace, MetricName }) => Namespace === 'AWS/Lambda' && MetricName === 'Errors')
    .flatMap(({ Dimensions }) => Dimensions.map(({ Value: value }) => value));

  it('rings an alarm on its errors where no state calls it, or where it announces', () => {
    const announcing = ['notify', 'recordOutcome', 'askForApproval', 'announce'];
    for (const key of functionKeys)
      if (announcing.includes(key) || !taskKeys.includes(key))
        expect(errorsWatched, key).toContainEqual(ref(functionId(key)));
  });

  it('ends the run of a task, of which an alarm of its machine tells', () => {
    const failures = Object.keys(alarms)
      .flatMap(watchedBy)
      .filter(({ MetricName }) => MetricName === 'ExecutionsFailed');
    expect(failures).toHaveLength(machineRows.length);
  });
});
