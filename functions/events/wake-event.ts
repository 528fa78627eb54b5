/** What an event names: which deployment or which alarm to look at again, and when it happened (milliseconds since the epoch). */
export type WakeUp =
  | { kind: 'deployment'; deploymentId: string; at: number }
  | { kind: 'alarm'; alarm: string; at: number };

const deploymentId = /^bgd-[a-z0-9]{1,60}$/i;

/**
 * Reads an EventBridge event. Only names are taken from it, and only well-formed ones: whatever is decided is read from the API.
 * @param now stands in for a time that cannot be read
 * @returns undefined for anything that is neither an RDS blue/green event nor an alarm's change of state
 */
export function readWakeUp(event: unknown, now: number): WakeUp | undefined {
  const { source, 'detail-type': type, time, detail } = asObject(event);
  const parsed = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  const at = Number.isFinite(parsed) ? Math.min(parsed, now) : now;
  if (source === 'aws.rds' && type === 'RDS Blue Green Deployment Event') {
    const { SourceIdentifier: id } = asObject(detail);
    return typeof id === 'string' && deploymentId.test(id)
      ? { kind: 'deployment', deploymentId: id, at }
      : undefined;
  }
  if (source === 'aws.cloudwatch' && type === 'CloudWatch Alarm State Change') {
    const { alarmName: alarm } = asObject(detail);
    return typeof alarm === 'string' && alarm.length <= 255 ? { kind: 'alarm', alarm, at } : undefined;
  }
  return undefined;
}

/** What the API shows may be some seconds older than an event: so long is waited before a run is woken. Milliseconds. */
export const settleTime = 3_000;

/**
 * Whether an attempt of a wait has looked after the event already. Several events of one change then wake a run once. A second less
 * than the settling time, because EventBridge cuts times to whole seconds.
 */
export function hasLookedSince(scheduledAt: number, happenedAt: number): boolean {
  return scheduledAt >= happenedAt + settleTime - 1_000;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
