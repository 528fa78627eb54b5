import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { Kept } from '../../domain/close/put-back.ts';
import type { Database } from '../../domain/model/deployment.ts';
import { firstNameOf, pairInstances, type Sides } from './sides.ts';

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
export function iamRoles(sides: Sides): Kept[] {
  return pairHolders(sides).flatMap(([holder, counterpart]) =>
    holder.roles.map((role) => ({ what: nameRole(holder, role), ...compare(role, counterpart) })),
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
        put: { kind: 'role', of: to.kind, name: to.name, role: RoleArn, feature: FeatureName },
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
  `IAM role ${shortOf(RoleArn)}${FeatureName ? ` for ${FeatureName}` : ''} of ${firstNameOf(name)}`;

const shortOf = (arn = ''): string => arn.split('/').at(-1) ?? arn;

/** Those of Aurora are the cluster's alone. */
function pairHolders(sides: Sides): [Holder, Holder | undefined][] {
  const [from, to] = [sides.former.cluster, sides.serving.cluster];
  if (from) return [[asCluster(from), to && asCluster(to)]];
  return pairInstances(sides).map((pair) => [asInstance(pair.from), pair.to && asInstance(pair.to)]);
}

const asCluster = ({ DBClusterIdentifier: name = '', AssociatedRoles: roles = [] }: DBCluster): Holder => ({
  kind: 'cluster',
  name,
  roles,
});

const asInstance = ({
  DBInstanceIdentifier: name = '',
  AssociatedRoles: roles = [],
}: DBInstance): Holder => ({
  kind: 'instance',
  name,
  roles,
});
