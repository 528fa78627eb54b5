import { lateAfter } from '../../real-clock.ts';
import type { Endpoints } from '../../servers/endpoints/endpoints.ts';
import {
  guardOf,
  lead,
  type Names,
  routes,
  type Sides,
  type Traffic,
} from '../../servers/endpoints/traffic.ts';
import type { Database } from '../database.ts';
import { gatedRoles } from '../fence.ts';
import { PausingEndpoint } from './pausing-endpoint.ts';

/**
 * As a pausing proxy does it: sessions on production's names wait between two transactions and then go on with green.
 * Sessions on other names are cut, as their names move. Green's read-only default is lifted for the sessions that
 * are opened in advance, but for roles that were made read-only themselves: such a gate is the owner's, not ours.
 *
 * @param holdMs how long sessions may take to come to rest; longer would be an outage of its own.
 */
export function pauseTraffic(
  endpoints: Endpoints,
  names: Names[],
  sides: Sides<Database>,
  holdMs: number,
): Traffic {
  const { green } = sides;
  const only = guardOf(names, sides);
  const { before, after } = routes(endpoints, names, sides);
  const production = names.map((pair) => pair.production);
  const others = (routing: Map<string, Database | undefined>) =>
    [...routing].filter(([name]) => !production.includes(name));
  const pausing = production.map((name) => asPausing(endpoints, name));
  return {
    async prepare() {
      for (const endpoint of pausing) endpoint.holdArrivals();
      const gated = await gatedRoles(green);
      await Promise.all(pausing.map((endpoint) => endpoint.warm(green.server, (role) => gated.has(role))));
    },
    async stop(isLate) {
      for (const [name] of others(before)) endpoints.named(name).point(undefined);
      const isHeldTooLong = lateAfter(holdMs);
      const isOver = () => isLate() || isHeldTooLong();
      await Promise.all(pausing.map((endpoint) => endpoint.pause(isOver)));
    },
    held: () => pausing.flatMap((endpoint) => endpoint.held()),
    flip() {
      for (const endpoint of pausing) endpoint.move(green.server);
      for (const name of production) endpoints.assign(name, green.resourceId);
      for (const [name, database] of others(after)) lead(endpoints, name, database, only(name));
    },
    putBack() {
      for (const endpoint of pausing) endpoint.resume();
      for (const [name, database] of others(before)) lead(endpoints, name, database);
    },
  };
}

function asPausing(endpoints: Endpoints, name: string): PausingEndpoint {
  const endpoint = endpoints.named(name);
  if (endpoint instanceof PausingEndpoint) return endpoint;
  throw new Error(`the endpoint ${name} cannot hold sessions`);
}
