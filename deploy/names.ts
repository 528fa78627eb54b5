import { arn, type Intrinsic } from './cloudformation.ts';
import { type MachineFile, machineFiles } from './machines.ts';

/** Name of a state machine, here and in the rehearsal. */
export const machineName = (prefix: string, file: MachineFile): string => `${prefix}-${file}`;

/** By name and not by reference: functions know the machines, and the machines know the functions. */
export const machineArn = (prefix: string, file: MachineFile): Intrinsic =>
  arn('states', `stateMachine:${machineName(prefix, file)}`);
export const machineArns = (prefix: string): Intrinsic[] =>
  machineFiles.map((file) => machineArn(prefix, file));

/** Every execution of a state machine. */
export const executionArns = (prefix: string, file: MachineFile): Intrinsic =>
  arn('states', `execution:${machineName(prefix, file)}:*`);

/** What starts use. It leads to the version that was published last. */
export const aliasName = 'live';

export const functionName = (prefix: string, key: string): string => `${prefix}-${key}`;
export const functionLogGroup = (prefix: string, key: string): string =>
  `/aws/lambda/${functionName(prefix, key)}`;
/** The prefix `/aws/vendedlogs/` keeps the resource policy of CloudWatch Logs small. */
export const machineLogGroup = (prefix: string): string => `/aws/vendedlogs/${prefix}-states`;
export const apiLogGroup = (prefix: string): string => `/aws/vendedlogs/${prefix}-api`;

/** Namespace of the metrics that the functions write: one a stack, named after its runs, so that few dimensions are needed. */
export const metricsNamespace = (prefix: string): string =>
  `Viridian/${machineName(prefix, 'blue-green-deployment')}`;
