import type { ServerFacts } from '../../../functions/domain/way-back/facts.ts';
import type { Place } from '../../../functions/sql/contract.ts';
import { nothingLeft } from '../../domain/sample.ts';
import { answersOfBoth } from './both.ts';
import { database, type Family, Refused } from './family.ts';
import type { FakeServers } from './servers.ts';

/** Roles are held, a publication and a slot stand on new production, a subscription on the target, and each side is closed by its own means. */
export function answerAsPostgres(servers: FakeServers): Family {
  const { behaviour, held, slots, subscriptions, closed, plane } = servers;
  const at = (place: Place) => servers.at(place);
  return {
    ...answersOfBoth(servers, () => '0/9'),
    facts: ({ applicationRoles }) => ({
      ...factsOf(applicationRoles),
      ...(behaviour.facts as Partial<ServerFacts>),
    }),
    'analyze-step': (place) => {
      const before = servers.analyzed.get(at(place)) ?? 0;
      const analyzed = before < 2 ? 2 : behaviour.tableLocked ? before : 3;
      servers.analyzed.set(at(place), analyzed);
      return { tables: 3, analyzed, left: 3 - analyzed, slow: [], givenUp: [], notAllowed: [], missing: [] };
    },
    distinguish: ({ green, blue }) => {
      if (at(green) === at(blue)) throw new Refused('other-server');
      servers.marks.set(at(green), green.resourceId);
      return { by: 'mark', mark: green.resourceId };
    },
    'hold-writes': ({ applicationRoles, ...place }) => {
      for (const role of applicationRoles) held.add(`${role} on ${at(place)}`);
      return { held: applicationRoles, writers: [], changes: { [database]: '7' } };
    },
    'release-writes': ({ applicationRoles, ...place }) => {
      for (const role of applicationRoles) held.delete(`${role} on ${at(place)}`);
      return { released: applicationRoles, stillHeld: [] };
    },
    'takes-writes': (place) => ({
      because: servers.isWritable(place) || behaviour.looksOpen ? null : 'sessions begin read-only',
      changes: { [database]: String(7 + (servers.written.get(at(place)) ?? 0)) },
    }),
    secure: ({ applicationRoles, changes, ...place }) => {
      const missing = applicationRoles.filter((role) => !held.has(`${role} on ${at(place)}`));
      if (missing.length > 0) throw new Refused('not-held');
      if (changes[database] !== '7') throw new Refused('application-write');
      slots.add(`slot on ${at(place)}`);
      return { secured: [{ database, slot: 'viridian_way_back_shop', asked: '0/1', start: '0/1' }] };
    },
    attach: ({ production, target }) => {
      if (!slots.has(`slot on ${at(production)}`)) throw new Refused('not-secured');
      if (servers.isWritable(target)) throw new Refused('not-fenced');
      subscriptions.add(`subscription on ${at(target)}`);
      return { attached: [database] };
    },
    fence: async (place) => {
      servers.marks.set(at(place), place.resourceId);
      closed.add(at(place));
      await plane.setWritable(at(place), false);
      return { positions: { [database]: '0/9' } };
    },
    drained: (place) => {
      const drained = behaviour.drains && subscriptions.size > 0;
      if (drained && !servers.isWritable(place)) servers.proveWhole();
      return { databases: [{ database, position: '0/9', confirmed: '0/9', drained }] };
    },
    detach: (place) => {
      subscriptions.delete(`subscription on ${at(place)}`);
      return { detached: [database] };
    },
    'set-sequences': ({ production }) => {
      if (servers.isWritable(production)) throw new Refused('not-fenced');
      return { set: 1, differing: [] };
    },
    open: async ({ open, closed: other }) => {
      if (servers.isWritable(other)) throw new Refused('not-fenced');
      if (subscriptions.has(`subscription on ${at(open)}`)) throw new Refused('attached');
      if (slots.has(`slot on ${at(other)}`)) servers.noteLoss(at(open), at(other));
      closed.delete(at(open));
      await plane.setWritable(at(open), true);
      return { writable: [database] };
    },
    'probe-write': ({ applicationRoles, ...place }) => ({
      writable: { [database]: servers.isWritable(place) },
      held: applicationRoles.filter((role) => held.has(`${role} on ${at(place)}`)),
    }),
    close: (place) => {
      subscriptions.delete(`subscription on ${at(place)}`);
      slots.delete(`slot on ${at(place)}`);
      return { left: nothingLeft };
    },
    leftovers: (place) => {
      const on = at(place);
      const standing = (things: Set<string>) => [...things].filter((thing) => thing.endsWith(` on ${on}`));
      return {
        publications: standing(slots).map(() => database),
        subscriptions: standing(subscriptions).map(() => database),
        slots: standing(slots).map(() => ({
          name: 'viridian_way_back_shop',
          database,
          active: subscriptions.size > 0,
          retainedBytes: 2 ** 20,
        })),
        heldRoles: standing(held).map((thing) => ({ role: thing.split(' on ')[0] ?? '', database })),
        closed: closed.has(on) ? [database] : [],
        passwordSet: null,
      };
    },
  };
}

/** A server on which everything is as the setup leaves it. */
function factsOf(applicationRoles: string[]): ServerFacts {
  return {
    version: 170010,
    major: 17,
    inRecovery: false,
    databases: [
      {
        name: database,
        tables: 2,
        sequences: 1,
        withoutIdentity: [],
        unlogged: [],
        rowSecurity: [],
        bytes: 8_192,
        largeObjects: 0,
        replicaTriggers: [],
        ownersCode: [],
        refusedStatements: [],
        foreignPublications: [],
        foreignSubscriptions: [],
        missing: [],
        missingToAnalyze: [],
      },
    ],
    applicationRoles: applicationRoles.map((name) => ({
      name,
      exists: true,
      unholdable: null,
      ownSettings: [],
    })),
    otherLoginRoles: [],
    missing: [],
    capacity: {
      walLevel: 'logical',
      slots: { used: 0, max: 10 },
      senders: { used: 0, max: 10 },
      workers: { used: 0, max: 4 },
      workerProcesses: { used: 1, max: 8 },
    },
    foreignSlots: [],
    openTransactions: [],
    tellsPassword: [],
  };
}
