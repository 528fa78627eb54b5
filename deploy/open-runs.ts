import { ListExecutionsCommand, SFNClient, type SFNClientConfig } from '@aws-sdk/client-sfn';

/** Name of a run that is open; `undefined` when there is none, or no state machine any more (`ListExecutions`). */
export async function findOpenRun(
  config: SFNClientConfig,
  stateMachineArn: string,
): Promise<string | undefined> {
  const client = new SFNClient(config);
  try {
    const { executions } = await client.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 1 }),
    );
    return executions?.[0]?.name;
  } catch (error) {
    if (error instanceof Error && error.name === 'StateMachineDoesNotExist') return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}
