import {
  type BlueGreenDeployment,
  type DBCluster,
  type DBInstance,
  DescribeBlueGreenDeploymentsCommand,
  type DescribeBlueGreenDeploymentsCommandInput,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  type DescribeDBClustersCommandInput,
  DescribeDBInstancesCommand,
  type DescribeDBInstancesCommandInput,
  DescribeDBSnapshotsCommand,
  ListTagsForResourceCommand,
  type Tag,
} from '@aws-sdk/client-rds';
import type { SnapshotFacts } from '../../domain/close/final-snapshot.ts';
import type { Database } from '../../domain/model/deployment.ts';
import { rdsReader } from '../clients/rds.ts';
import { classifyError } from '../errors.ts';
import { askTogether } from './together.ts';

/** All pages of a Describe call: what is missing from one page is not missing from the account. */
export async function readAllPages<Page extends { Marker?: string }, Item>(
  readPage: (marker: string | undefined) => Promise<Page>,
  itemsOf: (page: Page) => Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  let marker: string | undefined;
  do {
    const page = await readPage(marker);
    items.push(...(itemsOf(page) ?? []));
    marker = page.Marker;
  } while (marker);
  return items;
}

/** The answer, or `undefined` when RDS says that there is no such thing. */
export async function orMissing<Answer>(reading: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (classifyError(error) === 'missing') return undefined;
    throw error;
  }
}

const filter = (name: string, values: string[]) => ({ Filters: [{ Name: name, Values: values }] });

/** An instance by name or ARN (`DescribeDBInstances`). */
export async function readInstance(nameOrArn: string): Promise<DBInstance | undefined> {
  return (await orMissing(describeInstances({ DBInstanceIdentifier: nameOrArn })))?.[0];
}

// Pure, so that a function that asks none of these has none of them in its bundle.
const describeNamed = /* @__PURE__ */ askTogether((names) =>
  describeInstances(filter('db-instance-id', names)),
);
const describeByResourceId = /* @__PURE__ */ askTogether((ids) =>
  describeInstances(filter('dbi-resource-id', ids)),
);
const describeOfClusters = /* @__PURE__ */ askTogether((names) =>
  describeInstances(filter('db-cluster-id', names)),
);

/** Instances by name, in the order of the names; undefined stands for one that is not there. */
export async function readInstances(names: string[]): Promise<(DBInstance | undefined)[]> {
  const found = (await orMissing(describeNamed(names))) ?? [];
  return names.map((name) => found.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier === name));
}

/** Instances by `DbiResourceId`, whatever they are called now; those that are gone are left out. */
export async function readInstancesByResourceId(resourceIds: string[]): Promise<DBInstance[]> {
  if (resourceIds.length === 0) return [];
  const found = await describeByResourceId(resourceIds);
  return found.filter(({ DbiResourceId = '' }) => resourceIds.includes(DbiResourceId));
}

/** Every instance of a cluster. */
export async function readInstancesOfCluster(clusterName: string): Promise<DBInstance[]> {
  const found = (await orMissing(describeOfClusters([clusterName]))) ?? [];
  return found.filter(({ DBClusterIdentifier }) => DBClusterIdentifier === clusterName);
}

/** Every instance of the account and Region. */
export function readAllInstances(): Promise<DBInstance[]> {
  return describeInstances({});
}

function describeInstances(input: DescribeDBInstancesCommandInput): Promise<DBInstance[]> {
  return readAllPages(
    (Marker) => rdsReader().send(new DescribeDBInstancesCommand({ ...input, Marker })),
    (page) => page.DBInstances,
  );
}

/** A cluster by name or ARN (`DescribeDBClusters`). */
export async function readCluster(nameOrArn: string): Promise<DBCluster | undefined> {
  return (await orMissing(describeClusters({ DBClusterIdentifier: nameOrArn })))?.[0];
}

const describeClustersById = /* @__PURE__ */ askTogether((ids) =>
  describeClusters(filter('db-cluster-resource-id', ids)),
);

/** A cluster by `DbClusterResourceId`, whatever it is called now. */
export async function readClusterByResourceId(resourceId: string): Promise<DBCluster | undefined> {
  const found = await orMissing(describeClustersById([resourceId]));
  return found?.find(({ DbClusterResourceId }) => DbClusterResourceId === resourceId);
}

/** Every cluster of the account and Region. */
export function readAllClusters(): Promise<DBCluster[]> {
  return describeClusters({});
}

/** How many clones share a volume with a cluster, by their `CloneGroupId`; the cluster itself is one of them and does not count. */
export async function countClones(cloneGroupId: string): Promise<number> {
  return Math.max(0, (await describeClusters(filter('clone-group-id', [cloneGroupId]))).length - 1);
}

function describeClusters(input: DescribeDBClustersCommandInput): Promise<DBCluster[]> {
  return readAllPages(
    (Marker) => rdsReader().send(new DescribeDBClustersCommand({ ...input, Marker })),
    (page) => page.DBClusters,
  );
}

/** Blue/green deployments of the account and Region that match, all pages (`DescribeBlueGreenDeployments`). */
export async function describeDeployments(
  by: { id: string } | { name: string } | { source: string } | Record<string, never>,
): Promise<BlueGreenDeployment[]> {
  const input: DescribeBlueGreenDeploymentsCommandInput =
    'id' in by
      ? { BlueGreenDeploymentIdentifier: by.id }
      : 'name' in by
        ? filter('blue-green-deployment-name', [by.name as string])
        : 'source' in by
          ? filter('source', [by.source as string])
          : {};
  const reading = readAllPages(
    (Marker) => rdsReader().send(new DescribeBlueGreenDeploymentsCommand({ ...input, Marker })),
    (page) => page.BlueGreenDeployments,
  );
  return (await orMissing(reading)) ?? [];
}

/** A hundred deployments of the account and Region, of which there may be more: one call (`DescribeBlueGreenDeployments`). */
export async function describeSomeDeployments(): Promise<BlueGreenDeployment[]> {
  const page = await rdsReader().send(new DescribeBlueGreenDeploymentsCommand({ MaxRecords: 100 }));
  return page.BlueGreenDeployments ?? [];
}

/** Tags of an instance, a cluster, a deployment or a snapshot (`ListTagsForResource`). */
export async function readTags(arn: string): Promise<Record<string, string>> {
  const { TagList } = await rdsReader().send(new ListTagsForResourceCommand({ ResourceName: arn }));
  return asTags(TagList);
}

export function asTags(tags: Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** A manual snapshot by name. */
export async function readSnapshot(kind: Database['kind'], id: string): Promise<SnapshotFacts | undefined> {
  if (kind === 'cluster') {
    const input = { DBClusterSnapshotIdentifier: id };
    const found = await orMissing(rdsReader().send(new DescribeDBClusterSnapshotsCommand(input)));
    const snapshot = found?.DBClusterSnapshots?.[0];
    return (
      snapshot && {
        id,
        arn: snapshot.DBClusterSnapshotArn ?? '',
        status: snapshot.Status ?? '',
        of: snapshot.DbClusterResourceId,
      }
    );
  }
  const found = await orMissing(
    rdsReader().send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: id })),
  );
  const snapshot = found?.DBSnapshots?.[0];
  return (
    snapshot && {
      id,
      arn: snapshot.DBSnapshotArn ?? '',
      status: snapshot.Status ?? '',
      of: snapshot.DbiResourceId,
    }
  );
}
