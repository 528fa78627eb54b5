import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { Database } from '../../domain/model/deployment.ts';
import { UnexpectedState } from '../../domain/model/errors.ts';
import type { FoundClone } from '../../domain/way-back/target.ts';
import { settingsOfCluster, settingsOfWriter } from './clone.ts';
import { asTags } from './read.ts';
import { asSide, findWriter, type RawSide, readSideByName } from './side.ts';
import type { Source } from './source.ts';
import { addClusterInstance, cloneCluster, restoreInstance } from './write.ts';

/** The copy of a rehearsal, with every security group that stands on it or on an instance of it. */
export interface FoundCopy {
  found: FoundClone;
  groups: string[];
}

/** By its name; undefined when nothing is called so. */
export async function readCopy(kind: Database['kind'], name: string): Promise<FoundCopy | undefined> {
  const raw = await readSideByName(kind, name);
  if (!raw) return undefined;
  const { cluster, instances } = raw;
  return {
    found: { side: asSide(raw), tags: asTags((cluster ?? instances[0])?.TagList) },
    groups: [cluster, ...instances].flatMap((one) =>
      (one?.VpcSecurityGroups ?? []).map(({ VpcSecurityGroupId = '' }) => VpcSecurityGroupId),
    ),
  };
}

/**
 * Copies production as it is now, under the same key: Aurora copy-on-write, an instance from its backups to the latest time. Production is
 * only read. What RDS does not take over by itself is named: parameter group, network, zones, sign-in by IAM.
 */
export async function copyProduction(
  { database, raw }: Pick<Source, 'database' | 'raw'>,
  name: string,
  group: string,
  tags: Record<string, string>,
): Promise<void> {
  if (raw.cluster) await cloneAurora(raw.cluster, name, group, tags);
  else await restore(primaryOf(raw, database), name, group, tags);
}

const cloneAurora = (cluster: DBCluster, name: string, group: string, tags: Record<string, string>) =>
  cloneCluster(
    cluster.DBClusterIdentifier ?? '',
    name,
    {
      ...settingsOfCluster(cluster, group),
      DeletionProtection: false,
    },
    tags,
  );

const restore = (instance: DBInstance, name: string, group: string, tags: Record<string, string>) =>
  restoreInstance(
    instance.DBInstanceIdentifier ?? '',
    name,
    {
      MultiAZ: instance.MultiAZ,
      StorageType: instance.StorageType,
      // RDS takes IOPS of gp3 only above a size, and gives the usual ones by itself.
      ...(instance.StorageType?.startsWith('io') && { Iops: instance.Iops }),
      DBSubnetGroupName: instance.DBSubnetGroup?.DBSubnetGroupName,
      DBParameterGroupName: instance.DBParameterGroups?.[0]?.DBParameterGroupName,
      OptionGroupName: instance.OptionGroupMemberships?.[0]?.OptionGroupName,
      VpcSecurityGroupIds: [group],
      PubliclyAccessible: false,
      AutoMinorVersionUpgrade: instance.AutoMinorVersionUpgrade,
      CACertificateIdentifier: instance.CACertificateIdentifier,
      EnableIAMDatabaseAuthentication: instance.IAMDatabaseAuthenticationEnabled,
      DeletionProtection: false,
    },
    tags,
  );

/** Gives the copy of a cluster its only instance, of the class and group of production's writer. */
export async function addCopyWriter(
  { database, raw }: Pick<Source, 'database' | 'raw'>,
  { to, as }: { to: string; as: string },
  tags: Record<string, string>,
): Promise<void> {
  const writer = findWriter(raw);
  if (!writer) throw new UnexpectedState(`${database.id} shows no writer`);
  await addClusterInstance(
    {
      DBInstanceIdentifier: as,
      DBClusterIdentifier: to,
      Engine: raw.cluster?.Engine,
      ...settingsOfWriter(writer),
      PubliclyAccessible: false,
    },
    tags,
  );
}

function primaryOf({ instances: [primary] }: RawSide, { id }: Database): DBInstance {
  if (!primary) throw new UnexpectedState(`${id} is not there`);
  return primary;
}
