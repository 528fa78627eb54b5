import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  ListStateMachineAliasesCommand,
  ListStateMachinesCommand,
  ListStateMachineVersionsCommand,
  ListTagsForResourceCommand,
  paginateGetExecutionHistory,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { beforeEach, describe, expect, it } from 'vitest';
import { sfnService } from '../../services/sfn.ts';
import { StatesEngine } from '../../states/engine.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import { createEndpoint } from '../../wire/endpoint.ts';
import { lambdaWithToken } from './harness.ts';

const stateMachineArn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:ask';
const definition = JSON.stringify({
  QueryLanguage: 'JSONata',
  StartAt: 'Wait for answer',
  States: {
    'Wait for answer': {
      Type: 'Task',
      Resource: lambdaWithToken,
      TimeoutSeconds: 100,
      Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
      End: true,
    },
  },
});

let clock: VirtualClock;
let engine: StatesEngine;
let client: SFNClient;

/** What the function does with the token it gets. */
let handle: (token: string) => Promise<unknown>;

beforeEach(() => {
  clock = new VirtualClock();
  engine = new StatesEngine({
    clock,
    invoke: async (_, payload) => ({ payload: await handle((payload as { token: string }).token) }),
  });
  engine.registerStateMachine({ name: 'ask', definition, tags: [{ key: 'team', value: 'a' }] });
  const { requestHandler } = createEndpoint({ services: [sfnService(engine)] });
  client = new SFNClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler,
  });
  handle = async () => null;
});

async function start(name = 'one'): Promise<string> {
  const { executionArn = '' } = await client.send(
    new StartExecutionCommand({ stateMachineArn, name, input: '{"n":1}' }),
  );
  return executionArn;
}

describe('through the SDK, in virtual time', () => {
  it('a function answers its own token with a client of its own', async () => {
    handle = async (token) => {
      await clock.sleep(5000);
      await client.send(new SendTaskHeartbeatCommand({ taskToken: token }));
      await client.send(new SendTaskSuccessCommand({ taskToken: token, output: '{"yes":true}' }));
      await clock.sleep(1000);
      return client
        .send(new SendTaskFailureCommand({ taskToken: token }))
        .catch((error: Error) => error.name);
    };
    const end = await clock.run(async () => {
      const executionArn = await start();
      await engine.settled(executionArn);
      return client.send(new DescribeExecutionCommand({ executionArn }));
    });
    expect(end).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"yes":true}',
      input: '{"n":1}',
      redriveCount: 0,
    });
    expect((end.stopDate?.getTime() ?? 0) - (end.startDate?.getTime() ?? 0)).toBe(5000);
  });

  it('the history is the same in pages and in one piece, and backwards', async () => {
    const { whole, paged, backwards } = await clock.run(async () => {
      const executionArn = await start();
      await engine.settled(executionArn);
      const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
      const reverse = await client.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true }));
      const pages: HistoryEvent[] = [];
      for await (const page of paginateGetExecutionHistory({ client, pageSize: 2 }, { executionArn })) {
        expect(page.events?.length).toBeLessThanOrEqual(2);
        pages.push(...(page.events ?? []));
      }
      return { whole: events, paged: pages, backwards: reverse.events ?? [] };
    });
    expect(whole.length).toBeGreaterThan(6);
    expect(paged).toEqual(whole);
    expect(backwards).toEqual(whole.toReversed());
    expect(whole[2]?.taskScheduledEventDetails).toMatchObject({
      resource: 'invoke.waitForTaskToken',
      timeoutInSeconds: 100,
    });
  });

  it('the history comes without data on request', async () => {
    const events = await clock.run(async () => {
      const executionArn = await start();
      await engine.settled(executionArn);
      return (
        await client.send(new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false }))
      ).events;
    });
    expect(events?.[1]?.stateEnteredEventDetails).toEqual({ name: 'Wait for answer' });
    expect(events?.[2]?.taskScheduledEventDetails?.parameters).toContain('FunctionName');
  });

  it('an execution is stopped, listed and redriven', async () => {
    await clock.run(async () => {
      const executionArn = await start();
      await start('two');
      await client.send(new StopExecutionCommand({ executionArn, error: 'Stopped', cause: 'by hand' }));
      const aborted = await client.send(
        new ListExecutionsCommand({ stateMachineArn, statusFilter: 'ABORTED' }),
      );
      expect(aborted.executions).toMatchObject([{ name: 'one', status: 'ABORTED', redriveCount: 0 }]);
      await client.send(new RedriveExecutionCommand({ executionArn }));
      const redriven = await client.send(
        new ListExecutionsCommand({ stateMachineArn, redriveFilter: 'REDRIVEN' }),
      );
      expect(redriven.executions).toMatchObject([{ name: 'one', status: 'RUNNING', redriveCount: 1 }]);
      const first = await client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1 }));
      const second = await client.send(
        new ListExecutionsCommand({ stateMachineArn, maxResults: 1, nextToken: first.nextToken }),
      );
      expect([first, second].map(({ executions }) => executions?.[0]?.name)).toEqual(['two', 'one']);
      expect(second.nextToken).toBeUndefined();
    });
  });

  it('state machines are listed and described, with versions, aliases and tags', async () => {
    const version = engine.machines.publishVersion(stateMachineArn);
    const alias = engine.machines.pointAlias('live', version);
    await clock.run(async () => {
      const { stateMachines } = await client.send(new ListStateMachinesCommand({}));
      expect(stateMachines).toMatchObject([{ stateMachineArn, name: 'ask', type: 'STANDARD' }]);
      expect((await client.send(new DescribeStateMachineCommand({ stateMachineArn }))).definition).toBe(
        definition,
      );
      const versions = await client.send(new ListStateMachineVersionsCommand({ stateMachineArn }));
      expect(versions.stateMachineVersions).toMatchObject([{ stateMachineVersionArn: version }]);
      const aliases = await client.send(new ListStateMachineAliasesCommand({ stateMachineArn }));
      expect(aliases.stateMachineAliases).toMatchObject([{ stateMachineAliasArn: alias }]);
      const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn: stateMachineArn }));
      expect(tags).toEqual([{ key: 'team', value: 'a' }]);
    });
  });
});

describe('refusals have the names of the API', () => {
  const unknown = 'arn:aws:states:eu-central-1:123456789012:execution:ask:none';
  const refusals = [
    ['ExecutionDoesNotExist', () => new DescribeExecutionCommand({ executionArn: unknown })],
    ['InvalidArn', () => new DescribeExecutionCommand({ executionArn: 'arn:none' })],
    ['StateMachineDoesNotExist', () => new StartExecutionCommand({ stateMachineArn: `${stateMachineArn}s` })],
    ['InvalidExecutionInput', () => new StartExecutionCommand({ stateMachineArn, input: '{' })],
    ['InvalidName', () => new StartExecutionCommand({ stateMachineArn, name: 'a b' })],
    ['InvalidToken', () => new SendTaskSuccessCommand({ taskToken: 'none', output: '{}' })],
    ['InvalidToken', () => new ListExecutionsCommand({ stateMachineArn, nextToken: 'none' })],
  ] as const;
  it.each(refusals)('%s', async (name, command) => {
    const sent = client.send(command() as DescribeExecutionCommand);
    await expect(clock.run(sent)).rejects.toMatchObject({ name });
  });
});
