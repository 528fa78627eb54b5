import { translateError } from '../aws/errors.ts';
import { UnexpectedState } from '../domain/model/errors.ts';
import { clock } from '../runtime/clock.ts';
import { emitMetrics, namespaceOf } from '../runtime/emf.ts';
import { env } from '../runtime/env.ts';

/** Metric of the alarm `unexpected-error`. It has no dimension: one alarm watches every function. */
export const unexpectedErrors = 'UnexpectedErrors';

/**
 * Counts an error that Viridian does not know, or a right that AWS denied. Every other error of ours is an answer that the run deals
 * with, and is not counted. A function that dies before this line is counted by AWS: `deploy/alarms.ts` says by which alarm.
 */
export function countUnexpected(thrown: unknown): void {
  if (!(translateError(thrown) instanceof UnexpectedState)) return;
  const one = { name: unexpectedErrors, value: 1, unit: 'Count' } as const;
  emitMetrics(namespaceOf(env('STATE_MACHINE_ARN')), clock.now(), [one]);
}
