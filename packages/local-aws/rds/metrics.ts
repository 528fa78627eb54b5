import type { MetricSource, Sample } from '../metric-store.ts';
import type { ControlPlane } from './control-plane.ts';
import type { LagSample } from './lag-record.ts';
import { type Deployment, type Instance, instanceNamed, isAurora, isPostgres } from './world/world.ts';

/**
 * The AWS/RDS metrics of a control plane: the lag of open deployments as it was measured, and what the data plane measured of the
 * databases. A series belongs to a name, so at a switchover it goes on with the points of another database.
 */
export function rdsMetrics(rds: ControlPlane): MetricSource {
  return ({ namespace, metric, dimensions, start, end }) => {
    if (namespace !== 'AWS/RDS') return [];
    const instance = writerOf(rds, dimensions);
    if (!instance) return [];
    if (metric === 'FreeStorageSpace') return freeStorage(instance, start, end);
    const deployment = rds.world.deployments.find(
      ({ members, switched }) =>
        !switched && members.some(({ blue, green }) => [blue, green].includes(instance.DbiResourceId)),
    );
    const lag = deployment && lagReading(deployment, instance.DbiResourceId, metric);
    if (deployment && lag) return rds.lag.of(deployment.id).flatMap(lag);
    return rds.holders
      .of(instance.DBInstanceIdentifier)
      .flatMap(({ database, from, until }) =>
        rds.dataPlane
          .measured(database, metric, Math.max(start, from), Math.min(end, until))
          .filter(({ at }) => at >= from && at < until),
      );
  };
}

const minute = 60_000;

/** Half of what is allocated, each minute: databases of a rehearsal are small beside it. Aurora has no such metric. */
function freeStorage({ Engine, AllocatedStorage = 0 }: Instance, start: number, end: number): Sample[] {
  if (isAurora(Engine)) return [];
  const first = Math.ceil(start / minute);
  return Array.from({ length: Math.max(0, Math.ceil(end / minute) - first) }, (_, n) => ({
    at: (first + n) * minute,
    value: AllocatedStorage * 2 ** 29,
  }));
}

/** Aurora's cluster dimension with or without `Role` leads to the writer here; a reader has its own name. */
function writerOf(rds: ControlPlane, dimensions: Record<string, string>) {
  const { DBInstanceIdentifier, DBClusterIdentifier } = dimensions;
  if (DBInstanceIdentifier) return instanceNamed(rds.world, DBInstanceIdentifier);
  const cluster = rds.world.clusters.find((known) => known.DBClusterIdentifier === DBClusterIdentifier);
  const writer = cluster?.DBClusterMembers.find((member) => member.IsClusterWriter);
  return writer && instanceNamed(rds.world, writer.DBInstanceIdentifier);
}

type Reading = (sample: LagSample) => Sample[];

/** An unknown lag in seconds is told as -1, one in bytes is not told at all. */
const seconds: Reading = ({ at, lagSeconds }) => [{ at, value: lagSeconds ?? -1 }];
const bytes: Reading = ({ at, lagBytes }) => (lagBytes === null ? [] : [{ at, value: lagBytes }]);

/** Which metric tells the lag, and on which side, differs from engine to engine. */
function lagReading(deployment: Deployment, resourceId: string, metric: string): Reading | undefined {
  const { engine } = deployment;
  const isGreen = deployment.members.some(({ green }) => green === resourceId);
  if (metric === 'OldestReplicationSlotLag') return !isGreen && isPostgres(engine) ? bytes : undefined;
  if (metric === 'AuroraBinlogReplicaLag') return isGreen && engine === 'aurora-mysql' ? seconds : undefined;
  if (metric === 'ReplicaLag') return isGreen && !isAurora(engine) ? seconds : undefined;
  return undefined;
}
