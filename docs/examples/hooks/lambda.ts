import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { onEach } from './each.ts';
import { hook, type Stages } from './hook.ts';
import { listSetting, numberSetting } from './settings.ts';

const lambda = new LambdaClient();

/** Tag of a stopped function: its reserved concurrency before, or `none`. It is the only memory, so a second call finds it too. */
const tag = 'viridian-hook:concurrency';
/** Environment variable that is changed so that Lambda replaces every warm environment, and with it its connections. */
const renewed = 'VIRIDIAN_RENEWED';

async function readTag(arn: string): Promise<string | undefined> {
  return (await lambda.send(new ListTagsCommand({ Resource: arn }))).Tags?.[tag];
}

/** Keeps what is reserved, once, and reserves nothing. @returns seconds that an invocation may still last */
async function stop(arn: string): Promise<number> {
  if ((await readTag(arn)) === undefined) {
    const { ReservedConcurrentExecutions: reserved } = await lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName: arn }),
    );
    await lambda.send(new TagResourceCommand({ Resource: arn, Tags: { [tag]: `${reserved ?? 'none'}` } }));
  }
  await lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: arn, ReservedConcurrentExecutions: 0 }),
  );
  const { Timeout = 3 } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: arn }));
  return Timeout;
}

/** New environments first, and then invocations: none may come to an environment that is connected to old blue. */
async function resume(arn: string, executionArn: string): Promise<void> {
  const reserved = await readTag(arn);
  if (reserved === undefined) return;
  await renew(arn, executionArn);
  if (reserved === 'none') await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: arn }));
  else
    await lambda.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: arn,
        ReservedConcurrentExecutions: Number(reserved),
      }),
    );
  await lambda.send(new UntagResourceCommand({ Resource: arn, TagKeys: [tag] }));
}

async function renew(arn: string, executionArn: string): Promise<void> {
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: arn }));
  const value = `${executionArn.split(':').at(-1)} ${new Date().toISOString()}`;
  const Variables = { ...Environment?.Variables, [renewed]: value };
  await lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: arn, Environment: { Variables } }),
  );
  for (;;) {
    const { LastUpdateStatus: status, LastUpdateStatusReason: reason } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: arn }),
    );
    if (status === 'Successful') return;
    if (status === 'Failed') throw new Error(`${arn} was not renewed: ${reason}`);
    await sleep(200);
  }
}

/** Functions that write, by ARN without a version: none of them begins until writes are resumed, and each begins with new connections. */
export const stages: Stages = {
  async stopWrites() {
    const timeouts = await onEach(listSetting('FUNCTION_ARNS'), stop);
    // Lambda does not say how many invocations are left.
    const wait = Math.min(Math.max(...timeouts), numberSetting('DRAIN_SECONDS', 30));
    await sleep(1_000 * wait);
    return {
      because: `${timeouts.length} functions begin no more, and had ${wait} s to end`,
      facts: { timeouts },
    };
  },
  async resumeWrites({ executionArn }) {
    const done = await onEach(listSetting('FUNCTION_ARNS'), (arn) => resume(arn, executionArn));
    return { because: `${done.length} functions begin again, with new environments` };
  },
};

export const handler = hook(stages);
