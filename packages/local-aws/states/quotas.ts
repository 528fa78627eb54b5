import { StateError } from './errors.ts';
import { type Json, jsonBytes } from './json.ts';

/** Limits of Standard workflows: "Step Functions service quotas" in the developer guide. */
export const quotas = {
  /** Bytes of an input, an output, a task's arguments or result, or the variables of one Assign. */
  payloadBytes: 262_144,
  /** Events of one execution, the last one included. */
  historyEvents: 25_000,
  /** A closed execution can be redriven for 14 days, and its name is taken for 90. */
  redriveMs: 14 * 24 * 3_600_000,
  nameMs: 90 * 24 * 3_600_000,
  nameLength: 80,
  definitionBytes: 1_048_576,
} as const;

/** Throws States.DataLimitExceeded when the value is larger than one payload may be. */
export function requirePayload(value: Json, what: string): void {
  const bytes = jsonBytes(value);
  if (bytes <= quotas.payloadBytes) return;
  throw new StateError(
    'States.DataLimitExceeded',
    `${what} has ${bytes} bytes, which is more than the service limit of ${quotas.payloadBytes} bytes.`,
  );
}
