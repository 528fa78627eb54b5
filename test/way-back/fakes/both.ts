import type { SqlLook, UpgradePlan } from '../../../functions/domain/preconditions/by-sql/check.ts';
import { checksFor } from '../../../functions/domain/preconditions/by-sql/list.ts';
import type { StreamFacts, TableComparison } from '../../../functions/domain/way-back/facts.ts';
import type { Answer } from '../../../functions/sql/contract.ts';
import { database, type Family } from './family.ts';
import type { FakeServers } from './servers.ts';

type OfBoth =
  | 'compare'
  | 'compare-schema'
  | 'end-transactions'
  | 'foreign-writers'
  | 'long-transactions'
  | 'preconditions'
  | 'read-side'
  | 'read-streams'
  | 'watch';

/** Questions to which every family answers alike. @param log where the log of a server stands */
export function answersOfBoth(servers: FakeServers, log: () => string): Pick<Family, OfBoth> {
  const { behaviour } = servers;
  let beats = 0;
  const watch = (): Answer<'watch'> => {
    beats += 1;
    return { streams: [streamOf(beats, !behaviour.streamBroken)] };
  };
  return {
    preconditions: ({ plan }) => ({ ...foundNothing(plan), ...behaviour.preconditions }),
    'compare-schema': () => ({ blockers: behaviour.schemaBlockers, warnings: [], back: [] }),
    'read-side': ({ depth, ...place }) => ({
      consumers: [],
      log: { position: log(), gtid: null },
      catalogs:
        depth === 'catalogs' ? { [database]: { tables: 'as they were', indexes: 'as they were' } } : {},
      size: null,
      stream: [],
      ...behaviour.sides.get(servers.at(place)),
    }),
    'long-transactions': () => ({ left: [] }),
    'end-transactions': () => ({ left: [] }),
    watch,
    'read-streams': watch,
    'foreign-writers': (place) => ({ writers: [], closed: { [database]: !servers.isWritable(place) } }),
    compare: async ({ progress }) => {
      const { differing, endless } = behaviour;
      await endless?.();
      if (!progress || endless) return { tables: 1, differing: 0, examples: [], done: false };
      const examples = Array.from({ length: differing }, (_, index) => differingTable(index + 1));
      return { tables: 2, differing, examples, done: true };
    },
  };
}

const foundNothing = (plan: UpgradePlan): SqlLook =>
  Object.fromEntries(checksFor(plan).map(({ id }) => [id, { value: { count: 0, names: [] } }]));

const streamOf = (sent: number, whole: boolean): StreamFacts => ({
  database,
  slot: { active: whole, walStatus: 'reserved', retainedBytes: 10, confirmed: '0/1', lagBytes: 0 },
  subscription: {
    enabled: true,
    workerAlive: whole,
    received: '0/1',
    applyErrors: whole ? 0 : 3,
    tablesNotReady: 0,
  },
  beat: { sent, arrived: whole ? sent : 0, arrivedAgeSeconds: 0 },
});

const differingTable = (nth: number): TableComparison => ({
  database,
  table: `public.t${nth}`,
  rows: { production: '2', target: '1' },
  digest: { production: null, target: null },
  equal: false,
});
