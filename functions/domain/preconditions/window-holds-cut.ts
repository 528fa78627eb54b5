import { findWindowFault } from '../hold/window.ts';
import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** A maintenance window must exist, lie ahead and be long enough for a cut. */
export const windowHoldsCut: Precondition = {
  id: 'window-holds-cut',
  engines: 'all',
  looksAt: 'Whether the `window` of the request lies ahead and is long enough for the switchover.',
  check: ({ request, now }) => {
    const fault = findWindowFault(request, now);
    return fault === undefined ? [] : [blocker(`${fault}.`)];
  },
};
