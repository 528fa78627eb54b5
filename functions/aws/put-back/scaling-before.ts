import { keepScaling, type Scaling } from '../../domain/close/scaling.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import type { Reading } from '../../domain/model/reading.ts';
import { readScaling } from '../auto-scaling/read.ts';
import { attempt } from '../readings.ts';

/** Auto scaling of production as it is now, or as it was read before where it cannot be. Nothing for an instance, which has none. */
export async function scalingBefore({
  database,
  scaling,
}: Pick<Deployment, 'database' | 'scaling'>): Promise<{ scaling?: Reading<Scaling | null> }> {
  if (database.kind !== 'cluster') return {};
  return { scaling: keepScaling(await attempt(readScaling(database.id)), scaling) };
}
