import type { Report } from './types.ts';

type Attempts = NonNullable<Report['goingBack']>['attempts'];

/** How the executions that went back ended, in their order; empty where one was enough. */
export function describeAttempts(attempts: Attempts): string {
  if (attempts.length === 1 && attempts[0]?.redriven === 0) return '';
  return attempts
    .map(({ status, redriven }) =>
      redriven === 0
        ? status
        : `${status} after it was redriven ${redriven === 1 ? 'once' : `${redriven} times`}`,
    )
    .join(', then ');
}
