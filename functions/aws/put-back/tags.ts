import type { Kept } from '../../domain/close/put-back.ts';
import { asTags } from '../rds/read.ts';
import { pairInstances, type Sides } from './sides.ts';

interface Tagged {
  name: string;
  arn: string;
  tags: Record<string, string>;
}

/**
 * Tags of people. The cut gives green those of blue (user guide, "Switching a blue/green deployment"). A target has those of blue at the cut,
 * and a clone those of its run alone: what finds databases by tag, as backup plans, costs and policies do, would not find it.
 */
export function tags(sides: Sides): Kept[] {
  return pairTagged(sides).flatMap(([from, to]): Kept[] => {
    const wanted = Object.entries(from.tags).filter(([key]) => isOfPeople(key));
    if (wanted.length === 0) return [];
    const what = `tags of ${to.name}`;
    const missing = wanted.filter(([key, value]) => to.tags[key] !== value);
    if (missing.length === 0) return [{ what, state: 'present' }];
    const keys = missing.map(([key]) => key).join(', ');
    return [
      {
        what,
        state: 'lacking',
        because: `${to.name} does not have ${keys} of ${from.name}`,
        put: { kind: 'tags', arn: to.arn, tags: Object.fromEntries(missing) },
      },
    ];
  });
}

/** `aws:` is AWS's own, and `viridian:` says which run a database belongs to. */
const isOfPeople = (key: string): boolean => !/^(aws|viridian):/i.test(key);

function pairTagged(sides: Sides): [Tagged, Tagged][] {
  const [from, to] = [sides.former.cluster, sides.serving.cluster];
  const clusters: [Tagged, Tagged][] =
    from && to
      ? [
          [from, to].map(({ DBClusterIdentifier: name = '', DBClusterArn: arn = '', TagList }) => ({
            name,
            arn,
            tags: asTags(TagList),
          })) as [Tagged, Tagged],
        ]
      : [];
  const instances = pairInstances(sides).flatMap(({ from, to }): [Tagged, Tagged][] =>
    to
      ? [
          [from, to].map(({ DBInstanceIdentifier: name = '', DBInstanceArn: arn = '', TagList }) => ({
            name,
            arn,
            tags: asTags(TagList),
          })) as [Tagged, Tagged],
        ]
      : [],
  );
  return [...clusters, ...instances];
}
