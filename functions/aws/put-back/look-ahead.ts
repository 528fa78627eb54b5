import { type Forecast, forecast } from '../../domain/close/put-back.ts';
import type { Scaling } from '../../domain/close/scaling.ts';
import type { Deployment, Side } from '../../domain/model/deployment.ts';
import type { Reading } from '../../domain/model/reading.ts';
import { readSideAgain } from '../rds/side.ts';
import { readKept } from './kinds.ts';
import { scalingBefore } from './scaling-before.ts';
import { asAfterTheCut } from './sides.ts';

/** What the cut will do to everything beside the data of production, and its auto scaling, which is gone after it. */
export async function lookAhead(
  deployment: Deployment & { green: Side },
): Promise<{ forecast: Forecast; scaling?: Reading<Scaling | null> }> {
  const { database, blue, green } = deployment;
  const [blueNow, greenNow, scaling] = await Promise.all([
    readSideAgain(database.kind, blue),
    readSideAgain(database.kind, green),
    scalingBefore(deployment),
  ]);
  if (!blueNow || !greenNow) return { forecast: forecast([]), ...scaling };
  const kept = await readKept({
    ...asAfterTheCut(blueNow, greenNow),
    production: database.id,
    ...scaling,
  });
  return { forecast: forecast(kept), ...scaling };
}
