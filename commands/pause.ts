/** Pauses a run before the cut, with rights in IAM: `npm run pause`. */
import { longestPauseHours } from '../functions/domain/hold/steering.ts';
import { steerByRoute } from './steer-by-route.ts';

await steerByRoute(
  'pause',
  `Pauses a run before the cut: it holds where it is, and green is kept, until
"npm run resume". Nobody is asked meanwhile. The run stops before the switchover
when it is not resumed within ${longestPauseHours} hours in all, before its window closes or,
where people were being asked, before their time is over.`,
);
