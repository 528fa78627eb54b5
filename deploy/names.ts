import { arn, type Intrinsic } from './cloudformation.ts';

/** Name of the state machine, here and in the rehearsal. */
export const machineName = (prefix: string): string => `${prefix}-blue-green-deployment`;

/** By name and not by reference: functions know the machine, and the machine knows the functions. */
export const machineArn = (prefix: string): Intrinsic => arn('states', `stateMachine:${machineName(prefix)}`);

/** Name of the state machine that goes back. */
export const rollBackName = (prefix: string): string => `${prefix}-roll-back`;
export const rollBackArn = (prefix: string): Intrinsic =>
  arn('states', `stateMachine:${rollBackName(prefix)}`);

/** What starts use. It leads to the version that was published last. */
export const aliasName = 'live';

export const functionName = (prefix: string, key: string): string => `${prefix}-${key}`;
export const functionLogGroup = (prefix: string, key: string): string =>
  `/aws/lambda/${functionName(prefix, key)}`;
/** The prefix `/aws/vendedlogs/` keeps the resource policy of CloudWatch Logs small. */
export const machineLogGroup = (prefix: string): string => `/aws/vendedlogs/${prefix}-states`;
export const apiLogGroup = (prefix: string): string => `/aws/vendedlogs/${prefix}-api`;

/** Namespace of the metrics that the functions write: one a state machine, so that few dimensions are needed. */
export const metricsNamespace = (prefix: string): string => `Viridian/${machineName(prefix)}`;
