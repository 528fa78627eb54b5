import { isRead } from '../model/reading.ts';
import { executionTag, goingBackTag, greenTag, removableTag, sweepableTag } from '../model/tags.ts';
import { leadAllCommand, shareOf, ttlOf } from '../read-ramp/record.ts';
import { longestTtl } from '../read-ramp/step.ts';
import { plainName } from '../way-back/address.ts';
import { type ByHand, type Found, mayServe, type SideFound, type StandingFacts } from './standing-facts.ts';

const ourTags = [executionTag, goingBackTag, greenTag, removableTag, sweepableTag];

/** Everything of ours that is set on the database in AWS. */
export function listInAws(side: SideFound, facts: StandingFacts): Found[] {
  return [...reads(side, facts), ...fence(side, facts), ...protection(side, facts), ...tags(side)];
}

function modify({ now, isCluster }: SideFound, change: string): ByHand {
  const [resource, option] = isCluster
    ? ['modify-db-cluster', '--db-cluster-identifier']
    : ['modify-db-instance', '--db-instance-identifier'];
  return { command: `aws rds ${resource} ${option} ${now.id} ${change} --apply-immediately` };
}

/** Readers that are led to a database which does not serve: its rows grow old, and its name may go. */
function reads({ now, readerHost = '' }: SideFound, facts: StandingFacts): Found[] {
  const { reads: found, production } = facts;
  if (!found || production === now.resourceId) return [];
  const serving = facts.sides.find((one) => one.now.resourceId === production)?.readerHost;
  const { record, seen } = found;
  const share = isRead(seen) ? shareOf(seen.value, readerHost) : 0;
  if (isRead(seen) && share === 0) return [];
  const what = isRead(seen)
    ? `${share} % of the readers are led here by ${plainName(record.recordName)}`
    : `readers may be led here by ${plainName(record.recordName)}, which could not be read (${seen.unreadable})`;
  return [
    {
      kind: 'reads',
      what,
      remove: {
        command: leadAllCommand(
          record,
          serving || 'THE-READER-ENDPOINT-OF-PRODUCTION',
          (isRead(seen) && ttlOf(seen.value)) || longestTtl,
        ),
      },
      safe: 'at any time; delete this database only when the TTL of the record has passed since',
      hurts: isRead(seen),
    },
  ];
}

/** The group of `oldBlue.fenceSecurityGroup`, where it is the only one. */
function fence(side: SideFound, facts: StandingFacts): Found[] {
  const { securityGroups = [] } = side;
  const isFenced = securityGroups.length > 0 && securityGroups.every((one) => one === facts.fence);
  if (!isFenced) return [];
  const production = facts.sides.find(({ now }) => now.resourceId === facts.production);
  const groups = production?.securityGroups?.join(' ') || 'THE-GROUPS-OF-PRODUCTION';
  return [
    {
      kind: 'security group',
      what: `only the security group ${facts.fence} is on it, which admits no application`,
      remove: modify(side, `--vpc-security-group-ids ${groups}`),
      safe: 'only when applications are to reach this database, and it may take no writes beside another one',
      hurts: mayServe(side, facts) && facts.production !== undefined,
    },
  ];
}

function protection(side: SideFound, facts: StandingFacts): Found[] {
  if (!side.now.deletionProtection || mayServe(side, facts)) return [];
  return [
    {
      kind: 'deletion protection',
      what: 'it is protected against deletion',
      remove: modify(side, '--no-deletion-protection'),
      safe: 'just before you delete it, after comparing its resource id',
      hurts: false,
    },
  ];
}

function tags({ tags, now, markedMembers = [] }: SideFound): Found[] {
  const set = tags && isRead(tags) ? ourTags.filter((tag) => tag in tags.value) : [];
  return [
    ...(set.length === 0 ? [] : [describeTags(`the tags ${set.join(', ')} name a run`, now.arn, set)]),
    ...markedMembers.map((arn) =>
      describeTags(`the tag ${greenTag} of its member ${arn.split(':').at(-1)} names a run`, arn, [greenTag]),
    ),
  ];
}

const describeTags = (what: string, arn: string, keys: string[]): Found => ({
  kind: 'tags',
  what,
  remove: {
    command: `aws rds remove-tags-from-resource --resource-name ${arn} --tag-keys ${keys.join(' ')}`,
  },
  safe: 'when no run and no execution that goes back is open for this database; they block nothing then, and another run replaces them',
  hurts: false,
});
