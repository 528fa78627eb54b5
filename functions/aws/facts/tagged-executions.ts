import { executionTag, goingBackTag } from '../../domain/model/tags.ts';
import { readAllRecords, readRecordsOf } from '../rds/deployment.ts';
import { asTags, readAllClusters, readAllInstances, readCluster, readInstance } from '../rds/read.ts';

type Tags = Record<string, string>;

/** ARNs of the executions that any database or deployment of the account and Region names in a tag of ours. */
export async function readTaggedExecutions(): Promise<string[]> {
  const [records, instances, clusters] = await Promise.all([
    readAllRecords(),
    readAllInstances(),
    readAllClusters(),
  ]);
  return namedIn([...records.map(({ tags }) => tags), ...[...instances, ...clusters].map(tagsOf)]);
}

/** The same of one database, by the name that production has, and of its deployment. */
export async function readTaggedExecutionsOf(name: string): Promise<string[]> {
  const [instance, cluster, records] = await Promise.all([
    readInstance(name),
    readCluster(name),
    readRecordsOf(name),
  ]);
  return namedIn([
    ...[instance, cluster].flatMap((one) => (one ? [tagsOf(one)] : [])),
    ...records.map(({ tags }) => tags),
  ]);
}

const tagsOf = ({ TagList }: { TagList?: Parameters<typeof asTags>[0] }): Tags => asTags(TagList);

function namedIn(all: Tags[]): string[] {
  const named = all.flatMap((tags) => [tags[executionTag], tags[goingBackTag]]);
  return [...new Set(named.filter((arn) => arn !== undefined))];
}
