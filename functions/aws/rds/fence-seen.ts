import type { DBInstance } from '@aws-sdk/client-rds';
import type { FenceSeen } from '../../domain/preconditions/facts.ts';
import { readAllInstances } from './read.ts';
import type { RawSide } from './side.ts';

/** The VPC of a database, and every instance of the account and Region that has a security group, with its VPC (`DescribeDBInstances`). */
export async function readFence(
  { instances }: Pick<RawSide, 'instances'>,
  group: string,
): Promise<FenceSeen> {
  const all = await readAllInstances();
  return {
    // The instances of a cluster all stand in its subnet group.
    vpc: instances.map(vpcOf).find((vpc) => vpc !== undefined) ?? null,
    standsOn: all
      .filter((one) => has(one, group))
      .map((one) => ({ id: one.DBInstanceIdentifier ?? '', vpc: vpcOf(one) ?? '' }))
      // A database of which RDS shows no VPC says nothing of that of its groups.
      .filter((one) => one.vpc !== ''),
  };
}

// RDS gives an empty text for what it leaves out elsewhere.
const vpcOf = ({ DBSubnetGroup }: DBInstance) => DBSubnetGroup?.VpcId || undefined;

const has = ({ VpcSecurityGroups = [] }: DBInstance, group: string) =>
  VpcSecurityGroups.some(({ VpcSecurityGroupId }) => VpcSecurityGroupId === group);
