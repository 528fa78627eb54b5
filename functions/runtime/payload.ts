import { UnexpectedState } from '../domain/model/errors.ts';

/** Largest input or output of a state, in bytes of UTF-8 (Step Functions quotas). */
const largestPayload = 262_144;

/**
 * A result as JSON. Past the quota Step Functions fails the run with an error that `States.ALL` does not catch,
 * so the task fails before that, with a name that is caught.
 */
export function encodePayload(value: unknown): string {
  const text = JSON.stringify(value ?? null);
  const bytes = Buffer.byteLength(text);
  if (bytes > largestPayload)
    throw new UnexpectedState(
      `the result has ${bytes} bytes, more than the ${largestPayload} that Step Functions takes`,
    );
  return text;
}
