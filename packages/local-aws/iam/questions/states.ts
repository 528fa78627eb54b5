import type * as Sfn from '@aws-sdk/client-sfn';
import type { StatesEngine } from '../../states/engine.ts';
import type { Context, Question } from '../policy.ts';

/**
 * What the operations of Step Functions need: the action on the state machine or the execution and, where machines are encrypted under a
 * key of the account, the use of that key in the context of the machine.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html,
 * https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
 *
 * Assumed: tokens count for the machine that issued them; answering and starting need both actions of the key, reading needs to decrypt.
 */
export function questionsOfStates(
  engine: StatesEngine,
  machineKey: string | undefined,
  operation: string,
  // biome-ignore lint/suspicious/noExplicitAny: the rows name the SDK's own input types
  input: any,
): Question[] {
  const key = (machine: string, ...actions: string[]): Question[] =>
    machineKey === undefined
      ? []
      : actions.map((action) => ({
          action: `kms:${action}`,
          resource: machineKey,
          context: { 'kms:EncryptionContext:aws:states:stateMachineArn': machine },
        }));
  const on = (resource: string): Question => ({ action: `states:${operation}`, resource });
  switch (operation) {
    case 'DescribeExecution':
    case 'GetExecutionHistory':
    case 'DescribeStateMachineForExecution': {
      const { executionArn = '' } = input as Sfn.DescribeExecutionInput;
      return [on(executionArn), ...key(machineOf(executionArn), 'Decrypt')];
    }
    case 'StopExecution': {
      const { executionArn = '' } = input as Sfn.StopExecutionInput;
      return [on(executionArn), ...key(machineOf(executionArn), 'Decrypt', 'GenerateDataKey')];
    }
    case 'ListExecutions':
      return [on((input as Sfn.ListExecutionsInput).stateMachineArn ?? '')];
    case 'StartExecution': {
      const { stateMachineArn = '' } = input as Sfn.StartExecutionInput;
      return startQuestions(stateMachineArn, key);
    }
    case 'SendTaskSuccess':
    case 'SendTaskFailure':
    case 'SendTaskHeartbeat': {
      const machine = engine.tokens.machineOf((input as Sfn.SendTaskFailureInput).taskToken ?? '');
      // A token that nobody issued says nothing of a machine: the service refuses it as invalid.
      return machine === undefined ? [] : [on(machine), ...key(machine, 'Decrypt', 'GenerateDataKey')];
    }
    default:
      throw new Error(
        `The local IAM does not know what ${operation} of Step Functions asks for: add its row.`,
      );
  }
}

/** A start by an alias or a version is asked of the unqualified ARN, with the qualifier as a condition key. */
function startQuestions(arn: string, key: (machine: string, ...actions: string[]) => Question[]): Question[] {
  const [machine = '', qualifier] = /^(.*?:stateMachine:[^:]+)(?::(.+))?$/.exec(arn)?.slice(1) ?? [];
  const context: Context = qualifier === undefined ? {} : { 'states:StateMachineQualifier': qualifier };
  return [
    { action: 'states:StartExecution', resource: machine, context },
    ...key(machine, 'Decrypt', 'GenerateDataKey'),
  ];
}

/** Executions are named after their machine. */
const machineOf = (executionArn: string): string =>
  executionArn.replace(':execution:', ':stateMachine:').split(':').slice(0, 7).join(':');
