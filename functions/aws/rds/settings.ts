import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import { pairMembers } from '../../domain/build/parity.ts';
import type { Settings } from '../../domain/build/settings.ts';
import type { Database, Side } from '../../domain/model/deployment.ts';
import { Busy } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { type RawSide, readSideAgain } from './side.ts';

/**
 * Everything that RDS says of both sides now, each database beside its counterpart: the clusters, then the instances. Found by resource id.
 */
export async function readSettings(
  engine: string,
  kind: Database['kind'],
  { blue, green }: { blue: Side; green: Side },
): Promise<[Settings, Settings][]> {
  const [ours, theirs] = await Promise.all([readSideAgain(kind, blue), readSideAgain(kind, green)]);
  if (!ours || !theirs)
    throw new Busy(
      notYet(
        `RDS does not list ${ours ? green.id : blue.id} just now`,
        'look in CloudTrail whether somebody deleted it',
      ),
    );
  const clusters: [Settings, Settings][] =
    ours.cluster && theirs.cluster ? [[ofCluster(ours.cluster), ofCluster(theirs.cluster)]] : [];
  const members = pairMembers(engine, blue.members, green.members).flatMap(([one, other]) => {
    const pair = [findInstance(ours, one?.resourceId), findInstance(theirs, other?.resourceId)];
    return pair[0] && pair[1] ? [[ofInstance(pair[0]), ofInstance(pair[1])] as [Settings, Settings]] : [];
  });
  return [...clusters, ...members];
}

const findInstance = ({ instances }: RawSide, resourceId: string | undefined) =>
  instances.find(({ DbiResourceId }) => DbiResourceId === resourceId);

const ofCluster = (cluster: DBCluster): Settings => ({
  id: cluster.DBClusterIdentifier ?? '',
  kind: 'cluster',
  fields: { ...cluster },
});

const ofInstance = (instance: DBInstance): Settings => ({
  id: instance.DBInstanceIdentifier ?? '',
  kind: 'instance',
  fields: { ...instance },
});
