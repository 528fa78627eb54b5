import type { Deployment, Verdict } from './deployment.ts';
import type { Request } from './request.ts';
import type { WayBack } from './way-back-flow.ts';

/** Input of the state machine `roll-back` (docs/roll-back.schema.json). */
export interface RollBackInput {
  /** ARN of the run whose way back is to be used. */
  executionArn: string;
  /** Who asks for it, for the record. */
  requestedBy?: string;
}

const runArn = /^arn:aws(?:-[a-z]+)*:states:[a-z0-9-]+:\d{12}:execution:[^:]+:[^:]+$/;

/** Whether an input says what it must, and nothing else. */
export function isRollBackInput(input: unknown): input is RollBackInput {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return false;
  const { executionArn, requestedBy, ...others } = input as Record<string, unknown>;
  const named =
    requestedBy === undefined || (typeof requestedBy === 'string' && /^.{1,200}$/.test(requestedBy));
  return (
    typeof executionArn === 'string' && runArn.test(executionArn) && named && Object.keys(others).length === 0
  );
}

/** What an execution that goes back works with: the record of the run. */
export interface Order {
  /** ARN of the run. */
  run: string;
  request: Request;
  deployment: Deployment;
  wayBack: WayBack;
}

/** What the history of the run says. */
export interface Told {
  entered: { state: string }[];
  known: { request?: unknown; deployment?: Partial<Deployment>; wayBack?: WayBack };
}

/** States of a run after which there is no way back. */
const closing: readonly string[] = [
  'Give up the way back',
  'Close the broken way back',
  'Close the way back',
];

/** Whether the run has a way back that can be used. */
export function readOrder(run: string, { entered, known }: Told): Verdict<Order> {
  const { request, deployment, wayBack } = known;
  const no = (because: string): Verdict<Order> => ({ kind: 'no', because: `${run}: ${because}` });
  if (!request || !deployment?.database || !deployment.blue || !deployment.green)
    return no('its history does not tell both sides');
  if (!wayBack?.attached) return no('no way back was attached');
  if (wayBack.lost) return no(`the way back was closed: ${wayBack.lost}`);
  if (entered.some(({ state }) => closing.includes(state))) return no('the way back is closed');
  return {
    kind: 'ready',
    facts: { run, request: request as Request, deployment: deployment as Deployment, wayBack },
  };
}
