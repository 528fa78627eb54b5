import type { Entry } from './verify.ts';

/** An event of CloudTrail, as far as it is compared. */
export interface TrailEvent {
  eventTime?: string;
  eventSource?: string;
  eventName?: string;
  requestID?: string;
  readOnly?: boolean;
  errorCode?: string;
  requestParameters?: Record<string, unknown> | null;
  responseElements?: Record<string, unknown> | null;
  userIdentity?: { sessionContext?: { sessionIssuer?: { userName?: string } } };
}

/** What changes databases, records and parameters: answers to state machines and messages are not compared. */
const compared = ['rds.amazonaws.com', 'route53.amazonaws.com'];

/**
 * Joins changing calls with a trail both ways, and executions that were started with their records.
 * @param prefix begins the names of the stack's roles, for example `viridian-prod`
 * @param period of the trail, milliseconds since the epoch: calls outside of it are not looked for
 */
export function reconcileTrail(
  entries: readonly Entry[],
  events: readonly TrailEvent[],
  prefix: string,
): string[] {
  const times = events.flatMap(({ eventTime }) => (eventTime ? [Date.parse(eventTime)] : []));
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const inPeriod = (at: string) => Date.parse(at) >= from && Date.parse(at) <= to;
  const calls = entries.flatMap(({ name, record }) =>
    record.changes.filter(({ requestId }) => requestId !== null).map((call) => ({ name, ...call })),
  );
  const inTrail = new Set(events.map(({ requestID }) => requestID));
  const recorded = new Set(calls.map(({ requestId }) => requestId));
  return [
    ...calls
      .filter(
        ({ at, requestId, by }) =>
          inPeriod(at) && !inTrail.has(requestId ?? '') && !by.startsWith('Database'),
      )
      .map(
        ({ name, call, requestId }) => `${name}: the trail has no ${call} with the request id ${requestId}`,
      ),
    ...events
      .filter((event) => isOurChange(event, prefix) && !recorded.has(event.requestID ?? null))
      .map(
        ({ eventName, eventTime, requestID }) =>
          `the trail has a ${eventName} of ${eventTime} (${requestID}) by a role of ${prefix}, and no record has it`,
      ),
    ...findUnrecorded(entries, events, prefix),
  ];
}

const isOurChange = ({ eventSource = '', readOnly, userIdentity }: TrailEvent, prefix: string): boolean =>
  compared.includes(eventSource) &&
  readOnly === false &&
  (userIdentity?.sessionContext?.sessionIssuer?.userName ?? '').startsWith(`${prefix}-`);

/** Executions of our machines that a trail saw start, and of which no record speaks. One that is open has none yet. */
function findUnrecorded(entries: readonly Entry[], events: readonly TrailEvent[], prefix: string): string[] {
  const recorded = new Set(entries.map(({ record }) => record.run.executionArn));
  return events
    .filter(({ eventName, errorCode }) => eventName === 'StartExecution' && errorCode === undefined)
    .map(({ responseElements }) => String(responseElements?.executionArn ?? ''))
    .filter((arn) => arn.includes(`:execution:${prefix}-`) && !recorded.has(arn))
    .map((arn) => `${arn} was started, and has no record: it is open, or its record is missing`);
}
