import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { APP_DATABASE, APP_ROLE } from '../../packages/local-aws/postgres/database.ts';
import { realClock } from '../../packages/local-aws/real-clock.ts';
import { isRunning } from '../../packages/local-aws/servers/launch.ts';
import { kindOf } from './clients/client-kinds.ts';
import { rollBackPrepared } from './clients/two-phase.ts';
import type { FromWriters, ToWriters, WriterOptions } from './writer-messages.ts';

/** A write that the database has confirmed to the client. Times are real milliseconds since the epoch. */
export interface Write {
  writer: number;
  n: number;
  at: number;
  /** When its commit was asked for. */
  askedAt: number;
  /** Resource id of the database that took it; null where an earlier attempt had. */
  server: string | null;
}

/** What one kind of client has seen. */
export interface ClientTally {
  kind: string;
  writers: number;
  acknowledged: number;
  /** A server answered that it takes no write, or no session, of theirs. */
  refused: number;
  /** Everything else that failed. */
  errors: number;
  /** Attempts at an old address, of those that failed and of those that were acknowledged. */
  atOldAddress: number;
}

/** Read-only; no right to connect; too many sessions for the role or the database. The numbers of the MySQL family: read-only; locked. */
const REFUSALS = ['25006', '42501', '53300', '1290', '1836', '3118', '4151'];

/** A stretch of time without any acknowledged write, of all writers together. */
export interface Gap {
  ms: number;
  /** Real milliseconds since the epoch of the last write before it; null when fewer than two writes were made. */
  from: number | null;
}

/** What the clients have seen. */
export interface WorkloadResult {
  writes: Write[];
  acknowledged: number;
  /** Writes that a client saw fail and found committed when it tried again. */
  unknownOutcome: number;
  /** How often each SQLSTATE or network code was seen where production is; without one, `connection lost` or what the driver says of a time limit. */
  errors: Record<string, number>;
  /** The same of those clients whose sessions a pooler can hold. */
  errorsOfPooled: Record<string, number>;
  /** In the order of the kinds. */
  clients: ClientTally[];
  longestGap: Gap;
  /** One entry for each second in which the workload ran; `at` is its beginning. */
  writesPerSecond: { at: number; writes: number }[];
}

/** How long a client waits until it is signed in, in milliseconds: a pause of a pooler that a busy machine lengthens is no error. */
const SIGN_IN_MS = 60_000;

/** Live writers in a process of their own. */
export class Workload {
  readonly #child: ChildProcess;
  readonly #writes: Write[] = [];
  readonly #errors: Record<string, number> = {};
  readonly #errorsOfPooled: Record<string, number> = {};
  readonly #tallies = new Map<string, ClientTally>();
  readonly #options: WriterOptions;
  #unknownOutcome = 0;

  private constructor(child: ChildProcess, options: WriterOptions) {
    this.#child = child;
    this.#options = options;
    for (let writer = options.firstWriter; writer < options.firstWriter + options.writers; writer += 1)
      this.#tallyOf(writer).writers += 1;
    child.on('message', (bundle: FromWriters[]) => {
      for (const message of bundle) this.#take(message);
    });
  }

  /**
   * Starts the writers on an endpoint. Resolves when the first write was acknowledged.
   *
   * @param port of the endpoint; the tables must be there (`WORKLOAD_TABLES`).
   */
  static async start(
    port: number,
    {
      user = APP_ROLE,
      database = APP_DATABASE,
      ...options
    }: Partial<Omit<WriterOptions, 'connection'>> & { user?: string; database?: string } = {},
  ): Promise<Workload> {
    const script = fileURLToPath(new URL('./writer.ts', import.meta.url));
    // Ctrl-C in a terminal is not for the writers; they end when this process does.
    const child = fork(script, [], { execArgv: [], detached: true });
    const connection = {
      host: '127.0.0.1',
      port,
      user,
      database,
      connectionTimeoutMillis: SIGN_IN_MS,
    };
    const defaults = { writers: 8, firstWriter: 1, thinkMs: 4, reconnectMs: 10 };
    const workload = new Workload(child, { ...defaults, ...options, connection });
    workload.#send({ kind: 'start', options: workload.#options });
    await workload.#firstWrite();
    return workload;
  }

  /** Process of the writers. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Writes acknowledged until now. */
  get acknowledged(): number {
    return this.#writes.length;
  }

  /** Errors that clients saw until now, by code. */
  get errors(): Record<string, number> {
    return { ...this.#errors };
  }

  /** Sends some of the writers to this port, as clients that keep an old answer of the name server; null: back to the endpoint. */
  useOldAddress(port: number | null): void {
    this.#send({ kind: 'old-address', port });
  }

  /** Lets every writer bring its key to the end, for at most `withinMs`, and tells what was seen. */
  async stop(withinMs = 10_000): Promise<WorkloadResult> {
    this.#send({ kind: 'stop' });
    const deadline = realClock.now() + withinMs;
    while (isRunning(this.#child) && realClock.now() < deadline) await realClock.sleep(10);
    if (isRunning(this.#child)) {
      this.#child.kill('SIGKILL');
      await once(this.#child, 'exit');
      await this.#finishPrepared();
    }
    return {
      writes: this.#writes,
      acknowledged: this.#writes.length,
      unknownOutcome: this.#unknownOutcome,
      errors: this.#errors,
      errorsOfPooled: this.#errorsOfPooled,
      clients: [...this.#tallies.values()],
      longestGap: longestGap(this.#writes),
      writesPerSecond: writesPerSecond(this.#writes),
    };
  }

  async #firstWrite(): Promise<void> {
    while (this.#writes.length === 0) {
      if (!isRunning(this.#child)) throw new Error('the writers ended before their first write');
      await realClock.sleep(10);
    }
  }

  #send(message: ToWriters): void {
    if (this.#child.connected) this.#child.send(message);
  }

  /** A prepared transaction outlives its client and would hold its rows, and every fence, for ever. */
  async #finishPrepared(): Promise<void> {
    const { connection, firstWriter, writers } = this.#options;
    const isOurs = (writer: number) => writer >= firstWriter && writer < firstWriter + writers;
    // Where nobody is let in, the writers were ended for that reason, and the proof names what is left.
    await rollBackPrepared({ ...connection, application_name: 'writers' }, isOurs).catch(() => {});
  }

  #take(message: FromWriters): void {
    const tally = this.#tallyOf(message.writer);
    if (message.atOld) tally.atOldAddress += 1;
    if (message.kind === 'error') {
      this.#takeError(message, tally);
      return;
    }
    const { writer, n, at, askedAt, server } = message;
    this.#writes.push({ writer, n, at, askedAt, server });
    tally.acknowledged += 1;
    if (message.wasThere) this.#unknownOutcome += 1;
  }

  #takeError({ code, writer, atOld }: FromWriters & { kind: 'error' }, tally: ClientTally): void {
    if (REFUSALS.includes(code)) tally.refused += 1;
    else tally.errors += 1;
    // What a client meets where production is no more says nothing of production.
    if (atOld) return;
    this.#errors[code] = (this.#errors[code] ?? 0) + 1;
    if (kindOf(writer, this.#options.kinds).needsSession) return;
    this.#errorsOfPooled[code] = (this.#errorsOfPooled[code] ?? 0) + 1;
  }

  #tallyOf(writer: number): ClientTally {
    const { name: kind } = kindOf(writer, this.#options.kinds);
    const none = { kind, writers: 0, acknowledged: 0, refused: 0, errors: 0, atOldAddress: 0 };
    const tally = this.#tallies.get(kind) ?? none;
    this.#tallies.set(kind, tally);
    return tally;
  }
}

/** The longest gap between two writes that begins or ends inside the given time (both ends in real milliseconds). */
export function longestGap(writes: Pick<Write, 'at'>[], from = -Infinity, to = Infinity): Gap {
  const times = writes.map((write) => write.at).sort((a, b) => a - b);
  let longest: Gap = { ms: 0, from: null };
  times.forEach((at, index) => {
    const before = times[index - 1];
    if (before === undefined || at < from || before > to) return;
    if (at - before > longest.ms) longest = { ms: at - before, from: before };
  });
  return longest;
}

/** How many writes each second saw; a second without any is there with zero. */
export function writesPerSecond(writes: Pick<Write, 'at'>[]): { at: number; writes: number }[] {
  const counts = new Map<number, number>();
  for (const { at } of writes) {
    const second = Math.floor(at / 1000) * 1000;
    counts.set(second, (counts.get(second) ?? 0) + 1);
  }
  const seconds = [...counts.keys()].sort((a, b) => a - b);
  const [first, last] = [seconds[0] ?? 0, seconds.at(-1) ?? -1];
  const all = Array.from({ length: Math.max(0, (last - first) / 1000 + 1) }, (_, i) => first + i * 1000);
  return all.map((at) => ({ at, writes: counts.get(at) ?? 0 }));
}
