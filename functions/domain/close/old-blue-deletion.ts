/** One database that is about to be deleted: an instance or a cluster. */
export interface ToDelete {
  id: string;
  arn: string;
  resourceId: string;
}

export interface DeletionFacts {
  /** Every database of old blue, as it is called now. */
  toDelete: ToDelete[];
  /** Resource ids of old blue as they were before the cut. */
  ofOldBlue: string[];
  /** Names that production keeps: of the cluster or primary and of every member. */
  productionNames: string[];
  /** Every address by which applications may reach production, and the resource id that it leads to; undefined when that is nothing. */
  addresses: { name: string; leadsTo: string | undefined }[];
  /** Resource id of the former green. */
  green: string | undefined;
  /** Deployments that RDS lists, with the ARNs of all their databases. */
  records: { id: string; arns: string[] }[];
}

/** Why old blue must not be deleted now; undefined when nothing speaks against it. What cannot be proved speaks against it. */
export function findDeletionObstacle(facts: DeletionFacts): string | undefined {
  const { toDelete, ofOldBlue, productionNames, addresses, green, records } = facts;
  const astray = addresses.find(({ leadsTo }) => !green || leadsTo !== green);
  if (!green || astray)
    return `${astray?.name ?? 'production'} leads to ${astray?.leadsTo ?? 'nothing'}, not to the former green (${green ?? 'not known'})`;
  for (const { id, arn, resourceId } of toDelete) {
    if (!resourceId || resourceId === green || !ofOldBlue.includes(resourceId))
      return `${id} (${resourceId || 'no resource id'}) is not a database of old blue`;
    if (productionNames.includes(id)) return `${id} still has a name of production`;
    const record = records.find(({ arns }) => arns.includes(arn));
    if (record) return `${id} is part of the deployment ${record.id}`;
  }
  return undefined;
}
