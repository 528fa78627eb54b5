import type { FenceSeen, Precondition } from './facts.ts';
import { blocker, unknown, warning, whenRead } from './finding.ts';

/**
 * RDS takes a database into a security group of the database's own VPC alone. It says so when the group is given: after the cut, when the
 * clone of old blue is made. RDS lists the groups and the VPC of every database, so a database that has the group tells of which VPC it is.
 */
export const fenceInVpc: Precondition = {
  id: 'fence-in-vpc',
  engines: ['aurora-mysql', 'aurora-postgresql'],
  looksAt:
    'Whether `oldBlue.fenceSecurityGroup` is of the VPC of the cluster, as databases that have the group already show.',
  check: ({ database, request: { oldBlue }, fence }) => {
    const group = oldBlue.fenceSecurityGroup;
    if (database.kind !== 'cluster' || group === undefined) return [];
    if (!fence) return [unknown(`of which VPC ${group} is was not looked at. Start the run again.`)];
    return whenRead(fence, `the VPC of ${database.id}`, (seen) => judge(group, database.id, seen));
  },
};

function judge(group: string, cluster: string, { vpc, standsOn }: FenceSeen) {
  if (vpc === null)
    return [
      unknown(
        `RDS shows no VPC of ${cluster}, so whether ${group} is of it cannot be judged. Start again when its instances are available.`,
      ),
    ];
  const [other] = standsOn;
  if (standsOn.some((one) => one.vpc === vpc)) return [];
  if (other)
    return [
      blocker(
        `oldBlue.fenceSecurityGroup is ${group}, which ${other.id} has in ${other.vpc}, while ${cluster} is in ${vpc}: after the cut RDS would refuse it for the clone of old blue and for old blue. Name a group of ${vpc}.`,
      ),
    ];
  return [
    warning(
      `oldBlue.fenceSecurityGroup is ${group}, which no database has yet, so nothing says whether it exists in ${vpc}, the VPC of ${cluster}. Otherwise RDS refuses it after the cut, and there is no lossless way back. See that ${vpc} is what this prints: aws ec2 describe-security-groups --group-ids ${group} --query 'SecurityGroups[].VpcId' --output text`,
    ),
  ];
}
