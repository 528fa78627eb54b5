import { executionPrefix } from '../domain/model/execution-arn.ts';
import { env } from '../runtime/env.ts';

/** Why reconcile was called: a run has ended, an hour has passed, or a person asks. Times in milliseconds since the epoch. */
export type Trigger =
  | { kind: 'end'; executionArn: string; machine: string }
  | { kind: 'hourly'; at: number }
  /** A person asks, by `npm run what-stands`. */
  | { kind: 'question'; database: string };

/** The state machines of the stack whose executions are looked at. */
export const ourMachines = (): string[] => [env('STATE_MACHINE_ARN'), env('ROLL_BACK_STATE_MACHINE_ARN')];

/**
 * Reads an EventBridge event. Only a well-formed ARN of one of our own state machines is taken from it.
 * @param now stands in for a time that cannot be read
 */
export function readTrigger(event: unknown, machines: string[], now: number): Trigger | undefined {
  const { source, time, detail } = asObject(event);
  if (source === 'aws.events') {
    const at = typeof time === 'string' ? Date.parse(time) : Number.NaN;
    return { kind: 'hourly', at: Number.isFinite(at) ? at : now };
  }
  if (source === 'viridian.what-stands') {
    const { database } = asObject(detail);
    return typeof database === 'string' ? { kind: 'question', database } : undefined;
  }
  if (source !== 'aws.states') return undefined;
  const { executionArn } = asObject(detail);
  if (typeof executionArn !== 'string') return undefined;
  const machine = machines.find((one) => executionArn.startsWith(executionPrefix(one)));
  return machine === undefined ? undefined : { kind: 'end', executionArn, machine };
}

const hour = 3_600_000;

/** The hourly look comes once in every hour after the end; every 24th of them reminds. The first is a look at fresh ends. */
export function isReminderDue(endedAt: number, at: number): boolean {
  const hours = Math.floor((at - endedAt) / hour);
  return hours > 0 && hours % 24 === 0;
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
