import { type FunctionKey, functionKeys, functionSpecs } from '../../deploy/functions.ts';
import { functionName } from '../../deploy/names.ts';
import type { ControlPlane } from '../../packages/local-aws/rds/control-plane.ts';
import type { CloudWatchService } from '../../packages/local-aws/services/cloudwatch.ts';
import type { LambdaHandler, LambdaService } from '../../packages/local-aws/services/lambda.ts';
import { accessKeyOf } from '../roles.ts';
import { prefix } from './place.ts';

/** Registers every function, with so many times its timeout. */
export async function registerFunctions(lambda: LambdaService, patience: number): Promise<void> {
  const register = async (key: FunctionKey) => {
    const { source, timeoutSeconds } = functionSpecs[key];
    const { handler } = (await import(/* @vite-ignore */ `../../functions/${source}`)) as {
      handler: LambdaHandler;
    };
    lambda.register(functionName(prefix, key), handler, {
      timeoutSeconds: timeoutSeconds * patience,
      accessKeyId: accessKeyOf(key),
    });
  };
  await Promise.all(functionKeys.map(register));
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
