import type { StateName } from '../functions/domain/model/states.ts';
import type { Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

/** What going back has proved, from the histories of its executions (one that was killed is followed by another); null when the run did not go back. */
export function readGoingBack({ account }: Stage, executionArn: string, request: Scenario['request']) {
  const executions = account.states
    .listExecutions(account.rollBackMachineArn)
    .filter(({ order }) => order.input.includes(executionArn))
    .reverse();
  const events = executions
    .flatMap(({ history }) => history.events)
    .toSorted((a, b) => Number(a.timestamp) - Number(b.timestamp));
  if (events.length === 0) return null;
  const payloadOf = (state: StateName) => {
    const left = events.findLast(({ stateExitedEventDetails: details }) => details?.name === state);
    const output = left?.stateExitedEventDetails?.output;
    return output === undefined
      ? undefined
      : (JSON.parse(output) as { Payload: Record<string, number> }).Payload;
  };
  const compared = payloadOf('Compare both sides');
  // Where the request says nothing the run counts rows, or compares nothing.
  const { compare: by = 'counts' } = request.wayBack as { compare?: string };
  const { tables = 0, differing = 0 } = compared ?? {};
  return {
    compared: tables > 0 ? { by, tables, differing } : null,
    sequencesSet: payloadOf('Set the sequences')?.set ?? null,
    attempts: executions.map(({ status, redriveCount }) => ({ status, redriven: redriveCount })),
  };
}
