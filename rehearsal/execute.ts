import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';
import { letHappen } from './way-back.ts';

/** Starts the run through the API, as the console does, and waits for its end. */
export async function execute(
  stage: Stage,
  { request, occurrence }: Scenario,
  told: (line: string) => void = () => {},
): Promise<string> {
  const { account } = stage;
  const client = new SFNClient({
    region: 'eu-west-1',
    requestHandler: account.endpoint.requestHandler,
    credentials: { accessKeyId: 'AKIAOPERATOR00000000', secretAccessKey: 'rehearsal' },
  });
  let executionArn = '';
  if (occurrence) letHappen(stage, occurrence, () => executionArn, told);
  ({ executionArn = '' } = await client.send(
    new StartExecutionCommand({ stateMachineArn: account.stateMachineArn, input: JSON.stringify(request) }),
  ));
  await account.states.settled(executionArn);
  return executionArn;
}
