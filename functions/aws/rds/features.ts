import type { DBInstance } from '@aws-sdk/client-rds';
import type { BlueFeatures } from '../../domain/preconditions/facts.ts';
import type { RawSide } from './side.ts';

const day = 86_400_000;
/** A certificate that ends sooner is told. */
const soon = 30 * day;

/**
 * What a deployment leaves behind, or needs to know, of a database.
 * @param now milliseconds since the epoch
 */
export function featuresOf(
  { cluster, instances }: RawSide,
  tags: Record<string, string>,
  now: number,
): BlueFeatures {
  const [primary] = instances;
  const top = cluster ?? primary;
  const ends = instances
    .map(({ CertificateDetails }) => CertificateDetails?.ValidTill?.getTime() ?? Number.POSITIVE_INFINITY)
    .sort((one, other) => one - other)[0];
  return {
    activityStream: (top?.ActivityStreamStatus ?? 'stopped') !== 'stopped',
    backtrack: (cluster?.BacktrackWindow ?? 0) > 0,
    roles: rolesOf(cluster?.AssociatedRoles, instances),
    iamAuthentication: top?.IAMDatabaseAuthenticationEnabled === true,
    stack: tags['aws:cloudformation:stack-name'] ?? null,
    terraform: Object.entries(tags).some((tag) => /terraform/i.test(tag.join(' '))),
    multiAz: !cluster && instances.some(({ MultiAZ }) => MultiAZ === true),
    autoMinorUpgrade: instances
      .filter(({ AutoMinorVersionUpgrade }) => AutoMinorVersionUpgrade === true)
      .map(({ DBInstanceIdentifier = '' }) => DBInstanceIdentifier),
    auroraReplicas: primary?.ReadReplicaDBClusterIdentifiers ?? [],
    certificateEnds:
      ends !== undefined && ends < now + soon ? new Date(ends).toISOString().slice(0, 10) : null,
    withoutLogVolume:
      !cluster && primary?.DedicatedLogVolume
        ? instances
            .filter(({ DedicatedLogVolume }) => !DedicatedLogVolume)
            .map(({ DBInstanceIdentifier = '' }) => DBInstanceIdentifier)
        : [],
    awsBackup: top?.AwsBackupRecoveryPointArn !== undefined,
    storageType: cluster ? null : (primary?.StorageType ?? null),
  };
}

/** Names without the path of their ARNs. */
function rolesOf(ofCluster: { RoleArn?: string }[] = [], instances: DBInstance[]): string[] {
  const all = [...ofCluster, ...instances.flatMap(({ AssociatedRoles = [] }) => AssociatedRoles)];
  return [...new Set(all.map(({ RoleArn = '' }) => RoleArn.split('/').at(-1) ?? ''))];
}
