import { deploymentPhase } from '../model/phase.ts';

export interface RemovalFacts {
  /** Status of the deployment. */
  status: string;
  /** Resource id that the production name leads to; undefined when nothing has that name. */
  production: string | undefined;
  /** Resource id of blue, as the run knows it from its beginning. */
  blue: string;
  /** What would be deleted with the deployment. */
  green: { id: string; resourceId: string }[];
  /** Names of production: of the cluster or primary and of every member. */
  productionNames: string[];
}

/**
 * Why green must not be removed; undefined when it is proved that blue serves. Whatever does not prove that could mean that green is
 * production.
 */
export function findRemovalObstacle(facts: RemovalFacts): string | undefined {
  const { status, production, blue, green, productionNames } = facts;
  const phase = deploymentPhase(status);
  if (phase === 'switching' || phase === 'switched' || phase === 'unknown')
    return `the deployment is ${status}`;
  if (production !== blue)
    return `the production name leads to ${production ?? 'nothing'}, not to blue (${blue})`;
  const overlap = green.find(({ id, resourceId }) => resourceId === blue || productionNames.includes(id));
  return overlap && `${overlap.id} (${overlap.resourceId}) belongs to production`;
}
