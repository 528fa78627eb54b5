import pg from 'pg';
import { cutOver } from './cut-over.ts';
import type { PostgresDataPlane } from './data-plane.ts';
import { APP_DATABASE, APP_ROLE, type Database } from './database.ts';
import { LinkHealth } from './health.ts';
import { lateAfter, realClock } from './real-clock.ts';
import { seedWorkload } from './seed.ts';
import type { Traffic } from './traffic.ts';
import { verifyWrites } from './verify.ts';
import { longestGap, type Write } from './workload.ts';
import { ACCOUNTS, SINGLE_WRITE } from './workload-schema.ts';

/** What a cut costs at least on this machine, in milliseconds. */
export interface Floor {
  /** Longest time between two acknowledged writes of all writers. */
  gapMs: number;
  /** From the moment when writers were asked to wait until they were let through to green. */
  windowMs: number;
  acknowledged: number;
  lost: number;
  doubled: number;
}

export interface FloorOptions {
  /** Engine versions of blue and green. */
  from: string;
  to: string;
  writers?: number;
  thinkMs?: number;
  /** How long writers write before the cut and after it. */
  writeMs?: number;
}

/**
 * Measures the cut with everything left out that is not needed for it to be safe: writers in this process with sessions
 * open to both servers, a gate in front of them instead of a proxy, one statement a transaction. The safety steps are
 * those of the real cut. Makes two databases of its own and removes them.
 */
export async function measureFloor(plane: PostgresDataPlane, options: FloorOptions): Promise<Floor> {
  const build = { deployment: 'floor', blue: 'floor-blue', green: 'floor-green', engineVersion: options.to };
  try {
    await plane.createDatabase(build.blue, options.from);
    await seedWorkload(plane, build.blue, 100);
    await plane.buildGreen(build);
    return await cutWithGate(plane, options);
  } finally {
    await plane.removeDatabase(build.green);
    await plane.endReplication(build.deployment);
    await plane.removeDatabase(build.blue);
  }
}

async function cutWithGate(plane: PostgresDataPlane, options: FloorOptions): Promise<Floor> {
  const link = plane.link('floor');
  const gate = new Gate();
  const ids = Array.from({ length: options.writers ?? 8 }, (_, index) => index + 1);
  const writers = await Promise.all(ids.map((id) => GatedWriter.open(id, link.blue, link.green, gate)));
  const writing = writers.map((writer) => writer.run(options.thinkMs ?? 4));
  await realClock.sleep(options.writeMs ?? 500);
  const began = realClock.now();
  const nobody = { prepare: async () => {}, atRest: async () => {} };
  const traffic = gateTraffic(gate, writers);
  const outcome = await cutOver(link, new LinkHealth(link), traffic, nobody, lateAfter(10_000));
  if (!outcome.done) throw new Error(outcome.reason);
  const windowMs = gate.openedAt - began;
  await realClock.sleep(options.writeMs ?? 500);
  for (const writer of writers) writer.stop();
  await Promise.all(writing);
  const writes = writers.flatMap((writer) => writer.writes);
  const { lost, doubled } = await verifyWrites(link.green, writes);
  return { gapMs: longestGap(writes, began).ms, windowMs, acknowledged: writes.length, lost, doubled };
}

/** What writers pass before each write. */
class Gate {
  openedAt = 0;
  isGreen = false;
  #closed: { promise: Promise<void>; open: () => void } | undefined;

  get passage(): Promise<void> | undefined {
    return this.#closed?.promise;
  }

  close(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closed = { promise, open: resolve };
  }

  open(): void {
    this.openedAt = realClock.now();
    this.#closed?.open();
    this.#closed = undefined;
  }
}

/** One writer with a session on either server. */
class GatedWriter {
  readonly writes: Write[] = [];
  isWriting = false;
  readonly #id: number;
  readonly #gate: Gate;
  readonly #blue: pg.Client;
  readonly #green: pg.Client;
  #stopping = false;

  private constructor(id: number, gate: Gate, blue: pg.Client, green: pg.Client) {
    this.#id = id;
    this.#gate = gate;
    this.#blue = blue;
    this.#green = green;
  }

  static async open(id: number, blue: Database, green: Database, gate: Gate): Promise<GatedWriter> {
    const clients = await Promise.all([connect(blue), connect(green)]);
    return new GatedWriter(id, gate, ...clients);
  }

  /** Server process of its session on blue. */
  get pid(): number {
    return (this.#blue as pg.Client & { processID: number }).processID;
  }

  async run(thinkMs: number): Promise<void> {
    for (let n = 1; !this.#stopping; n += 1) {
      await this.#gate.passage;
      this.isWriting = true;
      const client = this.#gate.isGreen ? this.#green : this.#blue;
      await client.query(SINGLE_WRITE, [this.#id, n, 1 + (n % ACCOUNTS)]);
      this.writes.push({ writer: this.#id, n, at: realClock.now() });
      this.isWriting = false;
      await realClock.sleep(thinkMs);
    }
    await Promise.all([this.#blue.end(), this.#green.end()]);
  }

  stop(): void {
    this.#stopping = true;
  }
}

async function connect({ server }: Database): Promise<pg.Client> {
  const options = '-c default_transaction_read_only=off';
  const where = { host: '127.0.0.1', port: server.port, user: APP_ROLE, database: APP_DATABASE };
  const client = new pg.Client({ ...where, options });
  client.on('error', () => {});
  await client.connect();
  return client;
}

function gateTraffic(gate: Gate, writers: GatedWriter[]): Traffic {
  return {
    prepare: async () => {},
    async stop(isLate) {
      gate.close();
      while (writers.some((writer) => writer.isWriting)) {
        if (isLate()) throw new Error('a writer did not come to the gate');
        await realClock.sleep(1);
      }
    },
    held: () => writers.map((writer) => writer.pid),
    flip() {
      gate.isGreen = true;
      gate.open();
    },
    putBack: () => gate.open(),
  };
}
