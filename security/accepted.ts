import type { Finding } from './finding.ts';

/** A finding that is no defect here, or one that is lived with. An entry that meets no finding any more fails the scan. */
export interface Accepted {
  /** Name of the scan. */
  scan: string;
  rule: string;
  /** Where it holds; everywhere without it. */
  where?: RegExp;
  reason: string;
  /** Day of the decision. */
  on: string;
}

const on = '2026-11-29';

/** Everything that is accepted, scan by scan. */
export const accepted: readonly Accepted[] = [
  {
    scan: 'infrastructure',
    rule: 'CKV_AWS_115',
    reason:
      'Reserved concurrency is a parameter of the stack (`reservedConcurrency`), off by default: an account may not have 65 times some to give.',
    on,
  },
  {
    scan: 'infrastructure',
    rule: 'CKV_AWS_116',
    reason:
      'Step Functions and the HTTP API call functions and wait for their answers, so no event can be lost. What EventBridge calls is done again by the next schedule.',
    on,
  },
  {
    scan: 'infrastructure',
    rule: 'CKV_AWS_117',
    reason:
      'Only what opens a session to a database stands in the VPC, with `network`; everything else speaks to AWS alone.',
    on,
  },
  {
    scan: 'infrastructure',
    rule: 'CKV_AWS_173',
    reason:
      'The environment holds names of topics, keys and functions, and no secret; Lambda encrypts it by its own key.',
    on,
  },
  {
    scan: 'infrastructure',
    rule: 'CKV_AWS_7',
    where: /\.(LinkKey|DecisionKey|RehearsalKey)$/,
    reason:
      'They are HMAC keys, which KMS does not rotate; what they seal lives for the days of an approval or of a rehearsal.',
    on,
  },
  ...['CKV_AWS_18', 'CKV_AWS_21'].map((rule) => ({
    scan: 'infrastructure',
    rule,
    where: /\.ServerlessDeploymentBucket$/,
    reason: 'The bucket of the framework holds artefacts by their time and nobody else reads or writes it.',
    on,
  })),
  {
    scan: 'infrastructure',
    rule: 'CKV_AWS_18',
    where: /\.Evidence$/,
    reason:
      'Who reads or writes an object is in the data events of CloudTrail; a second bucket for access logs would need a lock of its own.',
    on,
  },
  ...[
    'cloudwatch:DescribeAlarms',
    'rds:DescribeDBProxies',
    'rds:DescribeDBProxyTargets',
    'rds:DescribeIntegrations',
  ].map((action) => ({
    scan: 'iam',
    rule: `RESOURCE_STAR ${action}`,
    reason:
      'It only reads, and lists what concerns a database by looking through all of them; composite alarms need `*`.',
    on,
  })),
  ...['states:SendTaskSuccess', 'states:SendTaskFailure'].map((action) => ({
    scan: 'iam',
    rule: `RESOURCE_MISMATCH ${action}`,
    reason:
      'AWS authorizes it by the state machine of the token (`docs/permissions.md`); the tool knows no resource for it.',
    on,
  })),
  {
    scan: 'iam',
    rule: 'RESOURCE_MISMATCH states:DescribeExecution',
    reason: 'The other kind of resource is an express execution, and the machines are standard ones.',
    on,
  },
  {
    scan: 'iam',
    rule: 'RESOURCE_MISMATCH states:ListExecutions',
    reason: 'The other kind of resource is a map run, and the machines have none that is distributed.',
    on,
  },
  {
    scan: 'iam',
    rule: 'RESOURCE_MISMATCH rds:DeleteDBCluster',
    reason:
      'The other kind of resource is the final snapshot, which is never asked for in this call: it is taken before, by a call of its own.',
    on,
  },
  {
    scan: 'iam',
    rule: 'RESOURCE_MISMATCH rds:CreateBlueGreenDeployment',
    reason:
      'The deployment stands in the statement beside it: databases are narrowed by the parameter `databases`, deployments are not.',
    on,
  },
  {
    scan: 'iam',
    rule: 'UNKNOWN_CONDITION_FOR_ACTION Unknown condition rds:TagsFromRequest for action rds:AddTagsToResource',
    reason: 'The condition is of the Service Authorization Reference; the table of the tool is older.',
    on,
  },
];

export interface Sorted {
  open: Finding[];
  accepted: (Finding & { accepted: string })[];
  /** Entries that meet nothing any more. */
  stale: Accepted[];
}

/** Sorts the findings of a scan by what is accepted of it. */
export function sortFindings(scan: string, findings: Finding[], entries = accepted): Sorted {
  const ours = entries.filter((entry) => entry.scan === scan);
  const entryOf = (finding: Finding) =>
    ours.find(({ rule, where }) => rule === finding.rule && (where?.test(finding.where) ?? true));
  return {
    open: findings.filter((finding) => !entryOf(finding)),
    accepted: findings.flatMap((finding) => {
      const entry = entryOf(finding);
      return entry ? [{ ...finding, accepted: `${entry.reason} (${entry.on})` }] : [];
    }),
    stale: ours.filter((entry) => !findings.some((finding) => entryOf(finding) === entry)),
  };
}
