import { att, pascalCase, type Resource, type Resources } from './cloudformation.ts';
import { functionKeys } from './functions.ts';
import { apiLogGroup, functionLogGroup, machineLogGroup } from './names.ts';
import type { Settings } from './settings.ts';

/** Every log has an end and a key. The functions may not create log groups, so none appears without both. */
export function describeLogGroups({ prefix, logDays }: Settings): Resources {
  const group = (name: string): Resource => ({
    Type: 'AWS::Logs::LogGroup',
    // The record of changes outlives the stack; a first deployment that fails leaves nothing behind.
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: { LogGroupName: name, RetentionInDays: logDays, KmsKeyId: att('LogsKey') },
  });
  return {
    ...Object.fromEntries(functionKeys.map((key) => [logGroupId(key), group(functionLogGroup(prefix, key))])),
    MachineLog: group(machineLogGroup(prefix)),
    ApiLog: group(apiLogGroup(prefix)),
  };
}

export const logGroupId = (key: string): string => `${pascalCase(key)}Log`;
