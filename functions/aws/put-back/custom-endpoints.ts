import { type DBClusterEndpoint, DescribeDBClusterEndpointsCommand } from '@aws-sdk/client-rds';
import type { Kept } from '../../domain/close/put-back.ts';
import { rdsReader } from '../clients/rds.ts';
import { readAllPages } from '../rds/read.ts';
import { firstNameOf, nameOf, type Sides } from './sides.ts';

/**
 * Custom endpoints of a cluster. A deployment copies and switches them; a clone has none. Their names are unique in a Region, so that of an
 * endpoint is free only once it is deleted from the former production, and whoever puts back deletes nothing: it is told.
 */
export async function customEndpoints({ former, serving }: Sides): Promise<Kept[]> {
  if (!former.cluster) return [];
  const all = await readAllPages(
    (Marker) => rdsReader().send(new DescribeDBClusterEndpointsCommand({ Marker })),
    (page) => page.DBClusterEndpoints,
  );
  const ofSide = (name: string) =>
    all.filter((one) => one.EndpointType === 'CUSTOM' && one.DBClusterIdentifier === name);
  const [from, to] = [ofSide(nameOf(former)), ofSide(nameOf(serving))];
  return [
    ...to.map((one): Kept => ({ what: nameEndpoint(one), state: 'present' })),
    ...from
      .filter((one) => !to.some((other) => firstNameOf(idOf(other)) === firstNameOf(idOf(one))))
      .map(
        (one): Kept => ({
          what: nameEndpoint(one),
          state: 'lacking',
          because: `it leads to ${nameOf(former)}: delete it there and make it again for ${nameOf(serving)} (${one.CustomEndpointType})`,
        }),
      ),
  ];
}

const idOf = ({ DBClusterEndpointIdentifier = '' }: DBClusterEndpoint): string => DBClusterEndpointIdentifier;

const nameEndpoint = (one: DBClusterEndpoint): string => `custom endpoint ${firstNameOf(idOf(one))}`;
