import {
  type Cluster,
  clusterNamed,
  type Instance,
  instanceNamed,
  type World,
} from '../../packages/local-aws/rds/world/world.ts';
import type { Account } from '../account.ts';
import type { Billable, Evidence } from './evidence.ts';

/** What stood in the account before a run. */
export interface Baseline {
  /** Resource id of blue: the cluster's, or the primary instance's. */
  blue: string;
  /** Blue as the API describes it. */
  description: unknown;
  /** Resource ids of blue and its members. */
  ofBlue: ReadonlySet<string>;
  /** Resource ids of everything that was there. */
  all: ReadonlySet<string>;
}

/** @param database name of the instance or cluster that the run is about */
export function takeBaseline({ rds }: Account, database: string): Baseline {
  const { blue, members } = findSide(rds.world, database);
  return {
    blue,
    description: describe(rds.world, blue),
    ofBlue: new Set([blue, ...members]),
    all: new Set([
      ...rds.world.instances.map(({ DbiResourceId }) => DbiResourceId),
      ...billable(rds.world).map(({ resourceId }) => resourceId),
    ]),
  };
}

/** Everything that the account recorded of a run, with what only its data plane and its watchers can tell. */
export function gatherEvidence(
  account: Account,
  baseline: Baseline,
  executionArn: string,
  found: Pick<
    Evidence,
    'end' | 'writability' | 'production' | 'rows' | 'acknowledgements' | 'leftovers' | 'logs'
  >,
): Evidence {
  const { rds, states, sns, topics } = account;
  // An execution that goes back names the run too, as what it undoes.
  const ofRun = (message: string) =>
    message.split('\n').some((line) => /^Run +/.test(line) && line.replace(/^Run +/, '') === executionArn);
  const left = billable(rds.world).filter(
    ({ resourceId }) =>
      resourceId !== found.production && (!baseline.all.has(resourceId) || resourceId === baseline.blue),
  );
  return {
    ...found,
    blue: baseline.blue,
    blueBefore: baseline.description,
    blueAfter: describe(rds.world, baseline.blue),
    foreign: [...baseline.all].filter((id) => !baseline.ofBlue.has(id)),
    left,
    history: states.getExecutionHistory(executionArn),
    goingsBack: states
      .listExecutions(account.rollBackMachineArn)
      .filter(({ order }) => order.input.includes(executionArn))
      .map(({ history }) => history.events),
    executions: new Map(
      [account.stateMachineArn, account.rollBackMachineArn]
        .flatMap((machine) => states.listExecutions(machine))
        .map(({ order, history }) => [order.arn, history.events]),
    ),
    functionCalls: account.functionCalls,
    brokenOff: account.brokenOff.length,
    mutations: rds.journal.mutations,
    announcements: sns.messages.filter(
      ({ topicArn, message }) => topicArn === topics.announcements && ofRun(message),
    ),
    questions: sns.messages.filter(({ topicArn }) => topicArn === topics.approvals),
  };
}

/** Everything that costs money, by the name it has now. A primary and its replicas, or a cluster and its members, are one. */
function billable(world: World): Billable[] {
  const primaries = world.instances.filter(
    ({ database, DbiResourceId, DBClusterIdentifier }, index) =>
      !DBClusterIdentifier &&
      (database === DbiResourceId || world.instances.findIndex((one) => one.database === database) === index),
  );
  return [
    ...primaries.map(({ DBInstanceIdentifier: name, database }) => ({ name, resourceId: database })),
    ...world.clusters.map(({ DBClusterIdentifier: name, DbClusterResourceId }) => ({
      name,
      resourceId: DbClusterResourceId,
    })),
    ...world.deployments.map(({ id }) => ({ name: id, resourceId: id })),
    ...world.snapshots.map(({ DBSnapshotIdentifier: name }) => ({ name, resourceId: name })),
    ...world.clusterSnapshots.map(({ DBClusterSnapshotIdentifier: name }) => ({ name, resourceId: name })),
  ];
}

function findSide(world: World, name: string): { blue: string; members: string[] } {
  const cluster = clusterNamed(world, name);
  if (cluster) {
    const members = world.instances.filter(({ database }) => database === cluster.DbClusterResourceId);
    return { blue: cluster.DbClusterResourceId, members: members.map(({ DbiResourceId }) => DbiResourceId) };
  }
  const primary = instanceNamed(world, name);
  if (!primary) throw new Error(`there is no database ${name}`);
  const replicas = world.instances.filter(({ database }) => database === primary.database);
  return { blue: primary.DbiResourceId, members: replicas.map(({ DbiResourceId }) => DbiResourceId) };
}

/** Blue and its members without what passes by itself, and without the list of replicas, on which green stands while it is there. */
function describe(world: World, blue: string): unknown {
  const members = world.instances.filter(({ database }) => database === blue).map(withoutPassing);
  const cluster = world.clusters.find(({ DbClusterResourceId }) => DbClusterResourceId === blue);
  return structuredClone({ members, ...(cluster && { cluster: withoutPassing(cluster) }) });
}

function withoutPassing(database: Instance | Cluster): object {
  const {
    LatestRestorableTime: _time,
    ReadReplicaDBInstanceIdentifiers: _replicas,
    ReadReplicaIdentifiers: _clusters,
    ...rest
  } = database as Instance & Cluster;
  return rest;
}
