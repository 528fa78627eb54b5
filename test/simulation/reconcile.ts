import { functionNameOf, hour, type Stage } from './stage.ts';

/** What EventBridge does every hour: reconcile looks around. */
export async function lookAround({ account, clock }: Stage): Promise<void> {
  await clock.run(clock.sleep(hour / 2));
  const event = { source: 'aws.events', time: new Date(clock.now()).toISOString() };
  await clock.run(account.lambda.invoke(functionNameOf('reconcile'), event));
}
