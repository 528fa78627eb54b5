import { AwsError } from '../wire/service.ts';
import { quotas } from './quotas.ts';

/** Where the local account is. */
export interface Place {
  partition: string;
  region: string;
  accountId: string;
}

export function stateMachineArn(place: Place, name: string): string {
  return `arn:${place.partition}:states:${place.region}:${place.accountId}:stateMachine:${name}`;
}

export function executionArn(place: Place, machine: string, name: string): string {
  return `arn:${place.partition}:states:${place.region}:${place.accountId}:execution:${machine}:${name}`;
}

const stateMachineForm = /^(arn:[\w-]+:states:[\w-]+:\d+:stateMachine:[^:]+)(?::([^:]+))?$/;
const executionForm = /^arn:[\w-]+:states:[\w-]+:\d+:execution:[^:]+:[^:]+$/;

/** Splits the ARN of a state machine, a version (`…:7`) or an alias (`…:live`). Throws InvalidArn. */
export function splitMachineArn(arn: string): { machine: string; qualifier: string | undefined } {
  const parts = stateMachineForm.exec(arn);
  if (parts?.[1] === undefined) throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN: ${arn}'`);
  return { machine: parts[1], qualifier: parts[2] };
}

/** Throws InvalidArn for what is no execution's ARN. */
export function requireExecutionArn(arn: string): void {
  if (!executionForm.test(arn)) throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN: ${arn}'`);
}

/** White space, brackets, wildcards, the listed special characters and control characters: StartExecution in the API reference. */
const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\p{Cs}\u{fffe}\u{ffff}]/u;

/** Throws InvalidName when a state machine or an execution cannot have this name. */
export function requireName(name: string): void {
  if (name.length < 1 || name.length > quotas.nameLength || forbidden.test(name)) {
    throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  }
}
