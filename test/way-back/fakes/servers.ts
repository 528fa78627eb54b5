import type { SideFacts } from '../../../functions/domain/hand-over/side-facts.ts';
import type { StatementResult } from '../../../functions/domain/load-test/progress.ts';
import type { SqlLook } from '../../../functions/domain/preconditions/by-sql/check.ts';
import type { ServerFacts } from '../../../functions/domain/way-back/facts.ts';
import type { MysqlFacts } from '../../../functions/domain/way-back/mysql/facts.ts';
import type { Ask, Place, Reply } from '../../../functions/sql/contract.ts';
import type { SimulatedDataPlane } from '../../../packages/local-aws/rds/simulated-data-plane.ts';

/** Servers that hold nothing but whether they can be written to, and what of ours stands on them. */
export class FakeServers {
  /** Everything that was asked, in order. */
  readonly asked: Ask[] = [];
  /** Rules that a test breaks on purpose. */
  readonly behaviour = {
    facts: {} as Partial<MysqlFacts> | Partial<ServerFacts>,
    preconditions: {} as SqlLook,
    streamBroken: false,
    /** Taken out only to show what happens without it. */
    comparesServers: true,
    /** No stream of RDS is seen on green, and sessions begin able to write, also before the cut. */
    looksOpen: false,
    differing: 0,
    /** What came of the statements of a load test; none: it takes as long on both sides. */
    load: [] as StatementResult[],
    /** After so many steps of a load test its last statement is still to come. */
    loadSteps: 0,
    drains: true,
    /** The server has thrown away log that the slot kept. */
    slotLost: false,
    /** What servers say of themselves, by resource id. */
    sides: new Map<string, Partial<SideFacts>>(),
    /** Tables of blue that were changed so that its rows do not arrive on green, in sentences. */
    schemaBlockers: [] as string[],
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
  readonly plane: SimulatedDataPlane;
  readonly #servers: string[] = [];
  /** What had happened on all databases when the target was last proved to have everything. */
  #proved: number | undefined;

  constructor(plane: SimulatedDataPlane) {
    this.plane = plane;
  }

  /** Everything of ours that stands anywhere. */
  leftovers(): string[] {
    return [...this.held, ...this.slots, ...this.subscriptions];
  }

  /** Resource id of the database that answers at a place. */
  at({ host }: Place): string {
    const resourceId = this.plane.answersAt(host);
    if (!resourceId) throw new Error(`no database answers at ${host}`);
    return resourceId;
  }

  /** The number by which a server of the MySQL family is told from others. */
  readonly serverIdOf = (resourceId: string): number => {
    if (!this.#servers.includes(resourceId)) this.#servers.push(resourceId);
    return 1 + this.#servers.indexOf(resourceId);
  };

  isWritable(place: Place): boolean {
    return this.plane.writable().includes(this.at(place));
  }

  /** The target has everything that the other side, which stands still, had taken in until now. */
  proveWhole(): void {
    this.#proved = this.plane.history.length;
  }

  /** Notes a loss where a side is opened that was not proved to have everything of the other one, or before that one took writes again. */
  noteLoss(opened: string, other: string): void {
    const since = this.#proved === undefined ? undefined : this.plane.history.slice(this.#proved);
    const isWhole =
      since !== undefined &&
      !since.some((one) => one.kind === 'writable' && one.writable && one.resourceId === other);
    if (!isWhole) this.losses.push(opened);
  }
}
