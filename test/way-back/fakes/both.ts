import type { StatementResult } from '../../../functions/domain/load-test/progress.ts';
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
  | 'ended-replication'
  | 'foreign-writers'
  | 'load-step'
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
    return { streams: [streamOf(beats, behaviour)] };
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
    'load-step': ({ green, progress, reader }) => {
      if (!reader.secret) throw new TypeError('statements of others are run by a reader alone');
      const begun = progress ?? {
        queue: [{ number: 1, id: '1', database }],
        results: [],
        passedOver: 0,
        seconds: 0,
      };
      if (!green) return begun;
      behaviour.loadSteps -= 1;
      const isLast = behaviour.loadSteps < 0;
      return isLast ? { ...begun, queue: [], results: resultsOf(behaviour.load), seconds: 1 } : begun;
    },
    'long-transactions': () => ({ left: [] }),
    'end-transactions': () => ({ left: [] }),
    'ended-replication': () => ({ because: null }),
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

const alike: StatementResult = {
  number: 1,
  digest: '0123456789abcdef',
  text: 'SELECT * FROM ORDERS WHERE ID = ?',
  blue: { kind: 'ran', ms: 10, runs: 5 },
  green: { kind: 'ran', ms: 9, runs: 5 },
  plans: null,
};
const resultsOf = (load: StatementResult[]) => (load.length > 0 ? load : [alike]);

const foundNothing = (plan: UpgradePlan): SqlLook =>
  Object.fromEntries(checksFor(plan).map(({ id }) => [id, { value: { count: 0, names: [] } }]));

const streamOf = (sent: number, { streamBroken, slotLost }: FakeServers['behaviour']): StreamFacts => {
  const whole = !streamBroken;
  const walStatus = slotLost ? 'lost' : 'reserved';
  return {
    database,
    slot: { active: whole, walStatus, retainedBytes: 10, confirmed: '0/1', lagBytes: 0 },
    subscription: {
      enabled: true,
      workerAlive: whole,
      received: '0/1',
      applyErrors: whole ? 0 : 3,
      tablesNotReady: 0,
    },
    beat: { sent, arrived: whole ? sent : 0, arrivedAgeSeconds: 0 },
  };
};

const differingTable = (nth: number): TableComparison => ({
  database,
  table: `public.t${nth}`,
  rows: { production: '2', target: '1' },
  digest: { production: null, target: null },
  equal: false,
});
