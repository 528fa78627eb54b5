/** Stops a run, with rights in IAM: `npm run stop`. */
import { steerByRoute } from './steer-by-route.ts';

await steerByRoute(
  'stop',
  `Stops a run, whether it asks anybody just now or not. Before the cut it ends in
order, with blue serving, and removes green unless the request keeps it. During
the bake it asks for the way back where one is open.`,
);
