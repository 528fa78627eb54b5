import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53';
import { AwsError } from '../wire/service.ts';

/** A name as Route 53 keeps it: in small letters, with the dot of the root. */
export function qualify(name: string): string {
  return `${name.toLowerCase().replace(/\.$/, '')}.`;
}

/** The order of a zone: by the labels from the last to the first, then by type. */
export function compareSets(
  one: Pick<ResourceRecordSet, 'Name' | 'Type'>,
  other: { Name: string; Type?: string | undefined },
): number {
  const [a, b] = [reverseLabels(one.Name ?? ''), reverseLabels(other.Name)];
  if (a !== b) return a < b ? -1 : 1;
  return (one.Type ?? '').localeCompare(other.Type ?? '');
}

const reverseLabels = (name: string) => name.split('.').reverse().join('\u0000');

/** The records of a zone after one change. Refuses what Route 53 refuses. */
export function applyChange(zone: string, sets: ResourceRecordSet[], change: Change): ResourceRecordSet[] {
  const given = change.ResourceRecordSet;
  const set = { ...given, Name: qualify(given?.Name ?? '') } as ResourceRecordSet & { Name: string };
  checkSet(zone, set);
  const same = sets.find((one) => keyOf(one) === keyOf(set));
  const others = sets.filter((one) => one !== same);
  if (change.Action === 'DELETE') {
    if (!same || JSON.stringify(valuesOf(same)) !== JSON.stringify(valuesOf(set)))
      throw invalid(`Tried to delete resource record set ${nameOf(set)} but it was not found`);
    return others;
  }
  if (change.Action === 'CREATE' && same)
    throw invalid(`Tried to create resource record set ${nameOf(set)} but it already exists`);
  const conflict = others.find(
    ({ Name, Type }) => Name === set.Name && (Type === 'CNAME') !== (set.Type === 'CNAME'),
  );
  if (conflict)
    throw invalid(`RRSet of type ${set.Type} with DNS name ${set.Name} conflicts with ${conflict.Type}`);
  const mixed = others.find(
    (one) => one.Name === set.Name && one.Type === set.Type && policyOf(one) !== policyOf(set),
  );
  if (mixed)
    throw invalid(
      `RRSet with DNS name ${set.Name}, type ${set.Type} has ${policyOf(set)} routing beside ${policyOf(mixed)} routing`,
    );
  return [...others, set].toSorted((a, b) => compareSets(a, { Name: b.Name ?? '', Type: b.Type }));
}

function checkSet(zone: string, set: ResourceRecordSet & { Name: string }): void {
  if (set.Name !== zone && !set.Name.endsWith(`.${zone}`))
    throw invalid(`RRSet with DNS name ${set.Name} is not permitted in zone ${zone}`);
  if ((set.SetIdentifier === undefined) !== (policyOf(set) === 'simple'))
    throw invalid(
      `Resource record set ${nameOf(set)} needs a SetIdentifier and a routing policy, or neither`,
    );
  if (set.Weight !== undefined && (set.Weight < 0 || set.Weight > 255))
    throw invalid(`Resource record set ${nameOf(set)} has a weight that is not between 0 and 255`);
  if (set.AliasTarget) return;
  if (set.TTL === undefined || !set.ResourceRecords?.length)
    throw invalid(`Resource record set ${nameOf(set)} needs a TTL and at least one value`);
  if (set.Type === 'CNAME' && set.ResourceRecords.length > 1)
    throw invalid(`Resource record set ${nameOf(set)} has more than one value`);
}

/** Of the routing policies weights alone are served. */
const policyOf = ({ Weight }: ResourceRecordSet) => (Weight === undefined ? 'simple' : 'weighted');

/**
 * The one of the records of a name that an answer is made of: by chance, in proportion to their weights; by chance alone where all are 0.
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-weighted.html
 */
export function pick(sets: ResourceRecordSet[], random: () => number): ResourceRecordSet | undefined {
  const weights = sets.map(({ Weight = 1 }) => Weight);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let left = random() * (all || sets.length);
  return sets.find((_, at) => {
    left -= all === 0 ? 1 : (weights[at] ?? 0);
    return left < 0;
  });
}

const keyOf = ({ Name, Type, SetIdentifier = '' }: ResourceRecordSet) => `${Name} ${Type} ${SetIdentifier}`;
const nameOf = ({ Name, Type }: ResourceRecordSet) => `[name='${Name}', type='${Type}']`;
const valuesOf = ({ TTL, ResourceRecords = [] }: ResourceRecordSet) => [
  TTL,
  ...ResourceRecords.map(({ Value }) => Value),
];

const invalid = (message: string) => new AwsError('InvalidChangeBatch', `[${message}]`);
