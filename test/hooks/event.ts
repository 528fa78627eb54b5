import type { HookEvent, Stage } from '../../docs/examples/hooks/hook.ts';

/** What the state machine hands to a hook. */
export const eventAt = (
  stage: Stage,
  endpoint = '127.0.0.1:5432',
  blue = endpoint,
  engine = 'postgres',
): HookEvent => ({
  stage,
  database: 'shop',
  endpoint,
  deployment: { database: { engine }, blue: { endpoint: blue } },
  executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:machine:run-7',
});
