/** Lets a paused run go on, with rights in IAM: `npm run resume`. */
import { steerByRoute } from './steer-by-route.ts';

await steerByRoute(
  'resume',
  `Lets a paused run go on where it was paused. If that was a question to people,
they are asked again.`,
);
