import type { Database, Deployment, Side } from '../../domain/model/deployment.ts';
import { Busy } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import type { ReaderHosts } from '../../domain/read-ramp/record.ts';
import { plainName } from '../../domain/way-back/address.ts';
import { type RawSide, readSideAgain } from './side.ts';

/**
 * Where readers reach a side: the reader endpoint of a cluster, which leads to the writer where there is no reader; of an instance its first
 * replica by name, or itself where it has none. Empty while it has no address.
 */
export function readerHostOf({ cluster, instances }: RawSide): string {
  if (cluster) return plainName(cluster.ReaderEndpoint ?? '');
  const [primary, ...replicas] = instances;
  const [first = primary] = replicas.toSorted((one, other) =>
    (one.DBInstanceIdentifier ?? '') < (other.DBInstanceIdentifier ?? '') ? -1 : 1,
  );
  return plainName(first?.Endpoint?.Address ?? '');
}

/** Where readers reach a side now; empty where it is gone or has no address. */
export async function readReaderHost(
  kind: Database['kind'],
  side: Pick<Side, 'resourceId' | 'members'> | undefined,
): Promise<string> {
  const raw = side && (await readSideAgain(kind, side));
  return raw ? readerHostOf(raw) : '';
}

/**
 * Where readers reach both sides now. Green may have none any more, which is empty.
 * @throws Busy while blue has none: then nobody can be led anywhere
 */
export async function readReaderHosts({
  database: { kind },
  ...sides
}: Pick<Deployment, 'database' | 'blue' | 'green'>): Promise<ReaderHosts> {
  const [blue, green] = await Promise.all([
    readReaderHost(kind, sides.blue),
    readReaderHost(kind, sides.green),
  ]);
  if (blue === '')
    throw new Busy(
      notYet(`blue (${sides.blue.resourceId}) has no address for readers`, 'look in RDS what becomes of it'),
    );
  return { blue, green };
}
