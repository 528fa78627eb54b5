import type { SqlLook, UpgradePlan } from '../../functions/domain/preconditions/by-sql/check.ts';
import { checksFor } from '../../functions/domain/preconditions/by-sql/list.ts';
import type { ServerFacts } from '../../functions/domain/way-back/facts.ts';
import { isMeant } from '../../functions/domain/way-back/identity.ts';
import type { Answer, Ask, Asked, Input, Place, RefusalCode, Reply } from '../../functions/sql/contract.ts';
import type { SimulatedDataPlane } from '../../packages/local-aws/rds/simulated-data-plane.ts';
import { nothingLeft } from '../domain/sample.ts';

class Refused extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode) {
    super(`refused: ${code}`);
    this.code = code;
  }
}

type Family = { [A in Ask]: (input: Input<A>) => Answer<A> | Promise<Answer<A>> };

const database = 'shop';

/**
 * Answers like the function that speaks SQL, about databases that hold nothing but whether they can be written to. The rules are
 * those of the real operations: what they refuse, this refuses.
 */
export class FakeDatabases {
  /** Everything that was asked, in order. */
  readonly asked: Ask[] = [];
  /** Rules that a test breaks on purpose. */
  readonly behaviour = {
    facts: {} as Partial<ServerFacts>,
    preconditions: {} as SqlLook,
    streamBroken: false,
    /** Taken out only to show what happens without it. */
    comparesServers: true,
    /** No stream of RDS is seen on green, and sessions begin able to write, also before the cut. */
    looksOpen: false,
    differing: 0,
    drains: true,
    /** The server has thrown away log that the slot kept. */
    slotLost: false,
    /** Somebody has locked the last table that has no statistics. */
    tableLocked: false,
    /** The time that a step of a comparison takes which does not come to an end. */
    endless: undefined as (() => Promise<void>) | undefined,
  };
  /** What passes before an answer. */
  readonly slow = new Map<Ask, () => Promise<void>>();
  /** What is answered instead, as long as it is set. */
  readonly instead = new Map<Ask, Reply<Ask>>();
  readonly held = new Set<string>();
  /** Tables that have statistics, by database; of three. */
  readonly analyzed = new Map<string, number>();
  /** The mark that each server carries, by resource id. */
  readonly marks = new Map<string, string>();
  /** Rows that applications have written since the cut, by resource id. */
  readonly written = new Map<string, number>();
  readonly slots = new Set<string>();
  /** Resource ids of databases that were closed by us. */
  readonly closed = new Set<string>();
  readonly subscriptions = new Set<string>();
  /** Databases that were opened though it was not proved that they have what the other side had taken in: each loses rows. */
  readonly losses: string[] = [];
  readonly #plane: SimulatedDataPlane;
  #beats = 0;
  /** What had happened on all databases when the target was last proved to have everything. */
  #proved: number | undefined;

  constructor(plane: SimulatedDataPlane) {
    this.#plane = plane;
  }

  /** The handler of the function. */
  readonly handler = async (question: unknown): Promise<Reply<Ask>> => {
    const { ask, ...input } = question as Asked;
    this.asked.push(ask);
    await this.slow.get(ask)?.();
    const instead = this.instead.get(ask);
    if (instead) return instead;
    try {
      this.#requireMeant(input);
      const facts = await (this.#family[ask] as (input: unknown) => unknown)(input);
      return { kind: 'answer', facts: facts as Answer<Ask> };
    } catch (error) {
      if (error instanceof Refused) return { kind: 'refused', code: error.code, because: error.message };
      throw error;
    }
  };

  /** Everything of ours that stands anywhere. */
  leftovers(): string[] {
    return [...this.held, ...this.slots, ...this.subscriptions];
  }

  #at({ host }: Place): string {
    const resourceId = this.#plane.answersAt(host);
    if (!resourceId) throw new Error(`no database answers at ${host}`);
    return resourceId;
  }

  /** The comparison of every session: nothing is done on another server than the one that is meant. */
  #requireMeant(input: object): void {
    for (const place of [input, ...Object.values(input)] as Partial<Place>[]) {
      if (!place?.is || !this.behaviour.comparesServers) continue;
      const shown = { mark: this.marks.get(this.#at(place as Place)) ?? null, timeline: 1 };
      if (!isMeant(place.is, shown)) throw new Refused('other-server');
    }
  }

  #isWritable(place: Place): boolean {
    return this.#plane.writable().includes(this.#at(place));
  }

  /** The target was proved to have everything, and nothing was written on the other side since. */
  #hasEverythingOf(resourceId: string): boolean {
    if (this.#proved === undefined) return false;
    const since = this.#plane.history.slice(this.#proved);
    return !since.some((one) => one.kind === 'writable' && one.writable && one.resourceId === resourceId);
  }

  readonly #family: Family = {
    preconditions: ({ plan }) => ({ ...foundNothing(plan), ...this.behaviour.preconditions }),
    facts: ({ applicationRoles }) => ({ ...factsOf(applicationRoles), ...this.behaviour.facts }),
    'analyze-step': (place) => {
      const before = this.analyzed.get(this.#at(place)) ?? 0;
      const analyzed = before < 2 ? 2 : this.behaviour.tableLocked ? before : 3;
      this.analyzed.set(this.#at(place), analyzed);
      return { tables: 3, analyzed, left: 3 - analyzed, slow: [], givenUp: [], notAllowed: [], missing: [] };
    },
    distinguish: ({ green, blue }) => {
      if (this.#at(green) === this.#at(blue)) throw new Refused('other-server');
      this.marks.set(this.#at(green), green.resourceId);
      return { by: 'mark', mark: green.resourceId };
    },
    'hold-writes': ({ applicationRoles, ...place }) => {
      for (const role of applicationRoles) this.held.add(`${role} on ${this.#at(place)}`);
      return { held: applicationRoles, writers: [], changes: { [database]: '7' } };
    },
    'release-writes': ({ applicationRoles, ...place }) => {
      for (const role of applicationRoles) this.held.delete(`${role} on ${this.#at(place)}`);
      return { released: applicationRoles, stillHeld: [] };
    },
    'takes-writes': (place) => ({
      because: this.#isWritable(place) || this.behaviour.looksOpen ? null : 'sessions begin read-only',
      changes: { [database]: String(7 + (this.written.get(this.#at(place)) ?? 0)) },
    }),
    'compare-schema': () => ({ blockers: [], warnings: [], back: [] }),
    'long-transactions': () => ({ left: [] }),
    'end-transactions': () => ({ left: [] }),
    'ended-replication': () => ({ because: null }),
    secure: ({ applicationRoles, changes, ...place }) => {
      const missing = applicationRoles.filter((role) => !this.held.has(`${role} on ${this.#at(place)}`));
      if (missing.length > 0) throw new Refused('not-held');
      if (changes[database] !== '7') throw new Refused('application-write');
      this.slots.add(`slot on ${this.#at(place)}`);
      return { secured: [{ database, slot: 'viridian_way_back_shop', asked: '0/1', start: '0/1' }] };
    },
    attach: ({ production, target }) => {
      if (!this.slots.has(`slot on ${this.#at(production)}`)) throw new Refused('not-secured');
      if (this.#isWritable(target)) throw new Refused('not-fenced');
      this.subscriptions.add(`subscription on ${this.#at(target)}`);
      return { attached: [database] };
    },
    watch: () => {
      this.#beats += 1;
      const whole = !this.behaviour.streamBroken;
      return {
        streams: [
          {
            database,
            slot: {
              active: whole,
              walStatus: this.behaviour.slotLost ? 'lost' : 'reserved',
              retainedBytes: 10,
              confirmed: '0/1',
              lagBytes: 0,
            },
            subscription: {
              enabled: true,
              workerAlive: whole,
              received: '0/1',
              applyErrors: whole ? 0 : 3,
              tablesNotReady: 0,
            },
            beat: {
              sent: this.#beats,
              arrived: whole ? this.#beats : 0,
              arrivedAgeSeconds: 0,
            },
          },
        ],
      };
    },
    'read-streams': (input) => this.#family.watch(input as never),
    fence: async (place) => {
      this.marks.set(this.#at(place), place.resourceId);
      this.closed.add(this.#at(place));
      await this.#plane.setWritable(this.#at(place), false);
      return { positions: { [database]: '0/9' } };
    },
    drained: (place) => {
      const drained = this.behaviour.drains && this.subscriptions.size > 0;
      if (drained && !this.#isWritable(place)) this.#proved = this.#plane.history.length;
      return { databases: [{ database, position: '0/9', confirmed: '0/9', drained }] };
    },
    'foreign-writers': (place) => ({ writers: [], closed: { [database]: !this.#isWritable(place) } }),
    compare: async ({ progress }) => {
      const { differing, endless } = this.behaviour;
      await endless?.();
      if (!progress || endless) return { tables: 1, differing: 0, examples: [], done: false };
      const examples = Array.from({ length: differing }, (_, index) => ({
        database,
        table: `public.t${index + 1}`,
        rows: { production: '2', target: '1' },
        digest: { production: null, target: null },
        equal: false,
      }));
      return { tables: 2, differing, examples, done: true };
    },
    detach: (place) => {
      this.subscriptions.delete(`subscription on ${this.#at(place)}`);
      return { detached: [database] };
    },
    'set-sequences': ({ production }) => {
      if (this.#isWritable(production)) throw new Refused('not-fenced');
      return { set: 1, differing: [] };
    },
    open: async ({ open, closed }) => {
      if (this.#isWritable(closed)) throw new Refused('not-fenced');
      if (this.subscriptions.has(`subscription on ${this.#at(open)}`)) throw new Refused('attached');
      if (this.slots.has(`slot on ${this.#at(closed)}`) && !this.#hasEverythingOf(this.#at(closed)))
        this.losses.push(this.#at(open));
      this.closed.delete(this.#at(open));
      await this.#plane.setWritable(this.#at(open), true);
      return { writable: [database] };
    },
    'probe-write': ({ applicationRoles, ...place }) => ({
      writable: { [database]: this.#isWritable(place) },
      held: applicationRoles.filter((role) => this.held.has(`${role} on ${this.#at(place)}`)),
    }),
    close: (place) => {
      this.subscriptions.delete(`subscription on ${this.#at(place)}`);
      this.slots.delete(`slot on ${this.#at(place)}`);
      return { left: nothingLeft };
    },
    leftovers: (place) => {
      const on = this.#at(place);
      const at = (things: Set<string>) => [...things].filter((thing) => thing.endsWith(` on ${on}`));
      return {
        publications: at(this.slots).map(() => database),
        subscriptions: at(this.subscriptions).map(() => database),
        slots: at(this.slots).map(() => ({
          name: 'viridian_way_back_shop',
          database,
          active: this.subscriptions.size > 0,
          retainedBytes: 2 ** 20,
        })),
        heldRoles: at(this.held).map((thing) => ({ role: thing.split(' on ')[0] ?? '', database })),
        closed: this.closed.has(on) ? [database] : [],
        passwordSet: null,
      };
    },
  };
}

const foundNothing = (plan: UpgradePlan): SqlLook =>
  Object.fromEntries(checksFor(plan).map(({ id }) => [id, { value: { count: 0, names: [] } }]));

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
