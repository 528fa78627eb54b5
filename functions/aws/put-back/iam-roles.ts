import type { DBInstance } from '@aws-sdk/client-rds';
import type { Kept } from '../../domain/close/put-back.ts';
import type { Database } from '../../domain/model/deployment.ts';
import type { RawSide } from '../rds/side.ts';
import { addRole } from '../rds/write.ts';

/** A cluster or an instance, with its IAM roles. */
interface Holder {
  kind: Database['kind'];
  name: string;
  roles: { RoleArn?: string; FeatureName?: string; Status?: string }[];
}

/**
 * IAM roles that RDS uses for a database, as for imports from S3. They belong to the physical database, and no deployment copies them
 * (user guide, "Limitations and considerations for blue/green deployments"). Roles of a replica go to the replica of the same name.
 */
export function iamRoles(former: RawSide, serving: RawSide): Kept[] {
  const there = holdersOf(serving);
  return holdersOf(former).flatMap((holder, index) =>
    holder.roles.map((role) => ({ what: nameRole(holder, role), ...compare(role, there[index]) })),
  );
}

/** RDS attaches one role for each feature. */
function compare({ RoleArn = '', FeatureName }: Holder['roles'][number], to: Holder | undefined) {
  if (!to) return { state: 'lacking', because: 'its replica has no counterpart' } as const;
  const rival = to.roles.find((role) => (role.FeatureName ?? '') === (FeatureName ?? ''));
  if (rival && rival.RoleArn !== RoleArn && FeatureName)
    return { state: 'lacking', because: `${to.name} has ${shortOf(rival.RoleArn)} for it` } as const;
  const same = to.roles.find((role) => role.RoleArn === RoleArn && role.FeatureName === FeatureName);
  switch (same?.Status) {
    case undefined:
      return {
        state: 'lacking',
        because: `${to.name} does not have it`,
        put: () => addRole(to.kind, to.name, RoleArn, FeatureName),
      } as const;
    case 'ACTIVE':
      return { state: 'present' } as const;
    case 'PENDING':
      return { state: 'coming' } as const;
    default:
      return { state: 'lacking', because: `on ${to.name} it is ${same?.Status}` } as const;
  }
}

const nameRole = ({ name }: Holder, { RoleArn, FeatureName }: Holder['roles'][number]): string =>
  `IAM role ${shortOf(RoleArn)}${FeatureName ? ` for ${FeatureName}` : ''} of ${plainName(name)}`;

const shortOf = (arn = ''): string => arn.split('/').at(-1) ?? arn;

/** Without what RDS adds to the names of old blue. */
const plainName = (name: string): string => name.replace(/-old\d+$/, '');

/** Those of Aurora are the cluster's alone. Replicas come in the order of their plain names, so that both sides have the same. */
function holdersOf({ cluster, instances: [primary, ...replicas] }: RawSide): Holder[] {
  if (cluster)
    return [
      { kind: 'cluster', name: cluster.DBClusterIdentifier ?? '', roles: cluster.AssociatedRoles ?? [] },
    ];
  const sorted = replicas
    .map(asHolder)
    .toSorted((one, other) => (plainName(one.name) < plainName(other.name) ? -1 : 1));
  return primary ? [asHolder(primary), ...sorted] : sorted;
}

const asHolder = ({ DBInstanceIdentifier: name = '', AssociatedRoles: roles = [] }: DBInstance): Holder => ({
  kind: 'instance',
  name,
  roles,
});
