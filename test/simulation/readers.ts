import type { WeightedSet } from '../../functions/domain/read-ramp/record.ts';
import { AwsError } from '../../packages/local-aws/wire/service.ts';
import type { Trouble } from './faults.ts';
import { asSet } from './readers-record.ts';
import { servingOf } from './run.ts';
import type { Stage } from './stage.ts';

/** Where readers reach both sides now, by the names of RDS; green's is empty before it is built. */
export function readersOf({ account, kind, baseline }: Stage): { blue: string; green: string } {
  const { clusters, instances } = account.rds.world;
  const addresses = kind.isCluster
    ? clusters.map((one) => ({
        id: one.DbClusterResourceId,
        name: one.DBClusterIdentifier,
        at: one.ReaderEndpoint,
      }))
    : instances.map((one) => ({
        id: one.database,
        name: one.DBInstanceIdentifier,
        at: one.Endpoint?.Address,
      }));
  const own = addresses
    .filter(({ name }) => name.startsWith(kind.database))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const isBlue = ({ id }: { id: string }) => baseline.ofBlue.has(id) || id === baseline.blue;
  // Of an instance its replica, which comes behind it; it itself where it has none.
  return {
    blue: own.filter(isBlue).at(-1)?.at ?? '',
    green: own.filter((one) => !isBlue(one)).at(-1)?.at ?? '',
  };
}

/** Every name that a reader may hold an answer of now. */
export function answersHeld({ account: { route53, readsRecord: record } }: Stage): string[] {
  return record ? route53.answersHeld(record.hostedZoneId, record.recordName) : [];
}

/** Somebody else changes the weighted records of the readers, by their identifiers; with none a simple one stands there. */
export const leadReads =
  (changed: (Partial<WeightedSet> & { identifier: string })[]): Trouble =>
  (stage) => {
    const { readsRecord: record, route53 } = stage.account;
    if (!record) return;
    const { blue } = readersOf(stage);
    if (changed.length === 0) {
      route53.removeRecord(record.hostedZoneId, record.recordName);
      const { Weight: _, SetIdentifier: __, ...simple } = asSet(record.recordName, { target: blue });
      route53.putRecord(record.hostedZoneId, simple);
    }
    for (const set of changed)
      route53.putRecord(record.hostedZoneId, asSet(record.recordName, { target: blue, ...set }));
  };

/** Where readers reach the database that serves: the reader endpoint of a cluster, its replica, or itself. */
function readersOfProduction(stage: Stage): string | undefined {
  const { rds, record, route53 } = stage.account;
  const { clusters, instances } = rds.world;
  const address = record && route53.resolve(record.hostedZoneId, record.recordName)?.value;
  const serving = servingOf(stage);
  const serves = (id: string, endpoint: string | undefined) =>
    address === undefined ? id === serving : endpoint === address;
  const cluster = clusters.find((one) => serves(one.DbClusterResourceId, one.Endpoint));
  if (cluster) return cluster.ReaderEndpoint;
  const primary = instances.find((one) => serves(one.database, one.Endpoint?.Address));
  const replica = instances.find(
    ({ ReadReplicaSourceDBInstanceIdentifier: source }) =>
      source !== undefined && source === primary?.DBInstanceIdentifier,
  );
  return (replica ?? primary)?.Endpoint?.Address;
}

/** After going back readers come to the side that serves, and nobody holds another answer. */
export const readersFollow: Trouble = (stage) => {
  const [held, wanted] = [answersHeld(stage), readersOfProduction(stage)];
  if (held.length !== 1 || held[0] !== wanted)
    throw new Error(`readers are led to ${held.join(', ')}, and production is at ${wanted}`);
};

/** Route 53 takes no change of the readers' record, and those of others as before. */
export const readsCannotBeLed: Trouble = ({ wireRules, account: { readsRecord } }) =>
  wireRules.push(({ operation }, input) =>
    operation === 'ChangeResourceRecordSets' &&
    JSON.stringify(input).includes(readsRecord?.recordName ?? 'no record')
      ? { before: { refuse: new AwsError('AccessDenied', 'refused by the test') } }
      : undefined,
  );
