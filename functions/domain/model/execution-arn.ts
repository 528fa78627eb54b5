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

/** What the ARN of an execution says; undefined of any other text. */
export function readExecutionArn(
  arn: string,
): { account: string; region: string; machine: string } | undefined {
  const parts =
    /^arn:aws[a-z-]*:states:(?<region>[a-z0-9-]+):(?<account>\d{12}):execution:(?<machine>[^:]+):[^:]+$/.exec(
      arn,
    )?.groups as Record<'account' | 'region' | 'machine', string> | undefined;
  return parts && { ...parts };
}

/** Whether two executions are of one state machine, of one account and Region. */
export function areOfOneMachine(arn: string, other: string): boolean {
  return readExecutionArn(arn) !== undefined && machineOf(arn) === machineOf(other);
}
