import type { Precondition, Quota, RuleFinding } from './facts.ts';
import { blocker, unknown, whenRead } from './finding.ts';

/** Green doubles the databases for the time of the run. An adopted deployment has its green already. */
export const quotas: Precondition = {
  id: 'quotas',
  engines: 'all',
  looksAt:
    'The quotas of the account for instances and clusters, and the room that green needs. Not for an adopted deployment.',
  check: ({ request, database, blue, quotas: reading }) => {
    if (request.adopt) {
      return [];
    }
    return whenRead(reading, 'the quotas of the account', (list) => [
      ...checkQuota(list, 'DBInstances', blue.members.length, 'instances'),
      ...(database.kind === 'cluster' ? checkQuota(list, 'DBClusters', 1, 'clusters') : []),
    ]);
  },
};

function checkQuota(list: Quota[], name: string, needed: number, noun: string): RuleFinding[] {
  const quota = list.find((one) => one.name === name);
  if (!quota) {
    return [
      unknown(`RDS did not list the quota ${name}, so room for green is not proved. Start again later.`),
    ];
  }
  return quota.used + needed <= quota.max
    ? []
    : [
        blocker(
          `${quota.used} of ${quota.max} ${noun} are in use and green needs ${needed} more. Raise the quota ${name}, or delete what is not needed.`,
        ),
      ];
}
