import { functionNameOf, hour, type Stage } from './stage.ts';

/** What EventBridge does every hour: reconcile looks around. */
export async function lookAround(stage: Stage): Promise<void> {
  const { clock } = stage;
  await clock.run(clock.sleep(hour / 2));
  await reconcile(stage, { source: 'aws.events', time: new Date(clock.now()).toISOString() });
}

/** What EventBridge does when an execution has ended: reconcile looks at it. */
export function reportEnd(stage: Stage, executionArn: string): Promise<unknown> {
  return reconcile(stage, { source: 'aws.states', detail: { executionArn } });
}

function reconcile({ account, clock }: Stage, event: object): Promise<unknown> {
  return clock.run(account.lambda.invoke(functionNameOf('reconcile'), event));
}
