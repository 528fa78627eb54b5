import { type FunctionKey, functionKeys, functionSpecs } from '../../deploy/functions.ts';
import { functionName } from '../../deploy/names.ts';
import type { ControlPlane } from '../../packages/local-aws/rds/control-plane.ts';
import type { CloudWatchService } from '../../packages/local-aws/services/cloudwatch.ts';
import type { LambdaHandler, LambdaService } from '../../packages/local-aws/services/lambda.ts';
import { accessKeyOf } from '../roles.ts';
import { prefix } from './place.ts';

/** Registers every function, with so many times its timeout. */
export async function registerFunctions(lambda: LambdaService, patience: number): Promise<void> {
  handlers ??= Promise.all(functionKeys.map(loadHandler));
  for (const [key, handler] of await handlers)
    lambda.register(functionName(prefix, key), handler, {
      timeoutSeconds: functionSpecs[key].timeoutSeconds * patience,
      accessKeyId: accessKeyOf(key),
    });
}

/** Loaded once, however many accounts a process opens. */
let handlers: Promise<[FunctionKey, LambdaHandler][]> | undefined;

async function loadHandler(key: FunctionKey): Promise<[FunctionKey, LambdaHandler]> {
  const source: string = `../../functions/${functionSpecs[key].source}`;
  const { handler } = (await import(/* @vite-ignore */ source)) as { handler: LambdaHandler };
  return [key, handler];
}

interface EventSources {
  rds: ControlPlane;
  cloudWatch: CloudWatchService;
  lambda: LambdaService;
}

/** The rules of EventBridge, as the stack has them. */
export function routeEvents({ rds, cloudWatch, lambda }: EventSources): void {
  const wake = (event: unknown) => lambda.invokeLater(functionName(prefix, 'wakeRun'), event);
  rds.onEvent((event) => {
    if (event['detail-type'] === 'RDS Blue Green Deployment Event') wake(event);
  });
  cloudWatch.onAlarm(wake);
}
