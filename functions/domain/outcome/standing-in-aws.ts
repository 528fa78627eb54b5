import { isRead } from '../model/reading.ts';
import {
  databaseTag,
  executionTag,
  goingBackTag,
  greenTag,
  removableTag,
  sideTag,
  sweepableTag,
} from '../model/tags.ts';
import { leadAllCommand, shareOf, ttlOf } from '../read-ramp/record.ts';
import { longestTtl } from '../read-ramp/step.ts';
import { plainName } from '../way-back/address.ts';
import { type ByHand, type Found, mayServe, type SideFound, type StandingFacts } from './standing-facts.ts';

const ourTags = [executionTag, goingBackTag, greenTag, removableTag, sweepableTag, sideTag, databaseTag];
/** Whether a database carries a tag of ours. */
export const carriesOurs = (tags: Record<string, string>): boolean => oursOf(tags).length > 0;

const oursOf = (tags: Record<string, string>): string[] => ourTags.filter((tag) => tag in tags);

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
  const set = tags && isRead(tags) ? oursOf(tags.value) : [];
  return [
    ...(set.length === 0 ? [] : [describeTags(`the tags ${set.join(', ')} name a run`, [now.arn], set)]),
    ...describeMembers(markedMembers),
  ];
}

/** Members that carry the same tags are one entry. */
function describeMembers(members: NonNullable<SideFound['markedMembers']>): Found[] {
  const bySet = Map.groupBy(members, ({ tags }) => oursOf(tags).join(' '));
  return [...bySet].map(([keys, marked]) => {
    const names = marked.map(({ arn }) => arn.split(':').at(-1));
    const set = keys.split(' ');
    const tags = set.length === 1 ? `the tag ${keys}` : `the tags ${set.join(', ')}`;
    const of = names.length === 1 ? `its member ${names[0]}` : `its members ${names.join(', ')}`;
    return describeTags(
      `${tags} of ${of} ${set.length === 1 ? 'names' : 'name'} a run`,
      marked.map(({ arn }) => arn),
      set,
    );
  });
}

const describeTags = (what: string, arns: string[], keys: string[]): Found => ({
  kind: 'tags',
  what,
  remove: {
    command: arns
      .map((arn) => `aws rds remove-tags-from-resource --resource-name ${arn} --tag-keys ${keys.join(' ')}`)
      .join(' && '),
  },
  safe: 'when no run and no execution that goes back is open for this database; they block nothing then, and another run replaces them',
  hurts: false,
});
