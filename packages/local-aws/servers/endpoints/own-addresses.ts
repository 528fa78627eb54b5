import { CannotStart } from '../cannot-start.ts';
import { type ClientRoles, Endpoint } from './endpoint.ts';

/** Opens endpoints of which each has a loopback address of its own, as every name of RDS has one: all of 127.0.0.0/8 is loopback on Linux. */
export function endpointsOnOwnAddresses(roles: ClientRoles): () => Promise<Endpoint> {
  let last = 1;
  return async () => {
    last += 1;
    return Endpoint.open({ host: `127.0.${last >> 8}.${last & 255}`, roles }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRNOTAVAIL') throw error;
        throw new CannotStart(
          'a record of Route 53 needs loopback addresses beside 127.0.0.1, which this system does not have: go back by renaming, or on Linux',
        );
      },
    );
  };
}
