/**
 * What the ARN of every execution of a state machine begins with.
 * @param stateMachineArn may name a version or an alias, which is no part of the ARN of an execution
 */
export function executionPrefix(stateMachineArn: string): string {
  const machine = stateMachineArn.split(':').slice(0, 7).join(':');
  return `${machine.replace(':stateMachine:', ':execution:')}:`;
}

/** ARN of the state machine of an execution. */
export function machineOf(executionArn: string): string {
  return executionArn.split(':').slice(0, 7).join(':').replace(':execution:', ':stateMachine:');
}
