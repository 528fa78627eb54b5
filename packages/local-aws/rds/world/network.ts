import type { ControlPlane } from '../control-plane.ts';
import { copyOf } from './copy.ts';
import { customEndpoint, instanceEndpoint, readerEndpoint, writerEndpoint } from './endpoints.ts';
import { type Cluster, type Instance, instancesOf } from './world.ts';

type Owner = Instance | Cluster;

/** Whom the security groups in effect admit together. */
function findAdmitted(rds: ControlPlane, owner: Owner): 'everybody' | 'functions' | 'nobody' {
  const groups = (owner.VpcSecurityGroups ?? [])
    .filter(({ Status }) => Status !== 'adding')
    .map(({ VpcSecurityGroupId = '' }) => VpcSecurityGroupId);
  const opening = groups.filter((id) => !rds.closedSecurityGroups.has(id));
  if (groups.length > 0 && opening.length === 0) return 'nobody';
  return opening.length > 0 && opening.every((id) => rds.functionSecurityGroups.has(id))
    ? 'functions'
    : 'everybody';
}

/** Lets those clients reach the database under a name whom its owner's security groups admit; old answers of name servers may outlive that. */
export async function openEndpoint(
  rds: ControlPlane,
  owner: Owner,
  name: string,
  database: string,
  staleForMs?: number,
): Promise<void> {
  const admitted = findAdmitted(rds, owner);
  await rds.dataPlane.pointEndpoint(
    name,
    admitted === 'nobody' ? undefined : database,
    admitted === 'functions' ? admitted : undefined,
    staleForMs,
  );
}

/** Puts other security groups on a database. For a while the new ones are `adding` and the old ones `removing`. */
export function changeSecurityGroups(rds: ControlPlane, owner: Owner, wanted: string[]): void {
  const current = owner.VpcSecurityGroups ?? [];
  const has = (id: string) => current.some(({ VpcSecurityGroupId }) => VpcSecurityGroupId === id);
  const kept = current.map(({ VpcSecurityGroupId = '' }) => ({
    VpcSecurityGroupId,
    Status: wanted.includes(VpcSecurityGroupId) ? 'active' : 'removing',
  }));
  const added = wanted.filter((id) => !has(id)).map((id) => ({ VpcSecurityGroupId: id, Status: 'adding' }));
  const owners = 'DBClusterMembers' in owner ? [owner, ...instancesOf(rds.world, owner)] : [owner];
  for (const known of owners) known.VpcSecurityGroups = copyOf([...kept, ...added]);
  rds.background.run(async () => {
    await rds.background.sleep(rds.timings.securityGroups);
    for (const known of owners)
      known.VpcSecurityGroups = wanted.map((VpcSecurityGroupId) => ({
        VpcSecurityGroupId,
        Status: 'active',
      }));
    for (const known of owners) await reopen(rds, known);
  });
}

/** Groups close whatever its owner is doing; whoever is being renamed, restarted or deleted opens its endpoints itself, or never again. */
async function reopen(rds: ControlPlane, owner: Owner): Promise<void> {
  const closes = findAdmitted(rds, owner) !== 'everybody';
  if (!('DBClusterMembers' in owner)) {
    if (owner.DBInstanceStatus !== 'available' && !closes) return;
    await openEndpoint(rds, owner, instanceEndpoint(owner.DBInstanceIdentifier), owner.database);
    return;
  }
  if (owner.Status !== 'available' && !closes) return;
  const { DBClusterIdentifier: cluster, DbClusterResourceId: database } = owner;
  const custom = rds.world.customEndpoints
    .filter((endpoint) => endpoint.DBClusterIdentifier === cluster)
    .map((endpoint) => customEndpoint(endpoint.DBClusterEndpointIdentifier));
  for (const name of [writerEndpoint(cluster), readerEndpoint(cluster), ...custom])
    await openEndpoint(rds, owner, name, database);
}
