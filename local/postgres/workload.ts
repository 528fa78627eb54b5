import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { APP_DATABASE, APP_ROLE } from './database.ts';
import { isRunning } from './launch.ts';
import { realClock } from './real-clock.ts';
import type { FromWriters, ToWriters, WriterOptions } from './writer-messages.ts';

/** A write that the database has confirmed to the client. `at`: real milliseconds since the epoch. */
export interface Write {
  writer: number;
  n: number;
  at: number;
}

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
  /** How often each SQLSTATE or network code was seen; `connection lost` where the driver gives none. */
  errors: Record<string, number>;
  longestGap: Gap;
  /** One entry for each second in which the workload ran; `at` is its beginning. */
  writesPerSecond: { at: number; writes: number }[];
}

/** Live writers in a process of their own. */
export class Workload {
  readonly #child: ChildProcess;
  readonly #writes: Write[] = [];
  readonly #errors: Record<string, number> = {};
  #unknownOutcome = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
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
    options: Partial<Omit<WriterOptions, 'connection'>> = {},
  ): Promise<Workload> {
    const script = fileURLToPath(new URL('./writer.ts', import.meta.url));
    // Ctrl-C in a terminal is not for the writers; they end when this process does.
    const child = fork(script, [], { execArgv: [], detached: true });
    const workload = new Workload(child);
    const connection = {
      host: '127.0.0.1',
      port,
      user: APP_ROLE,
      database: APP_DATABASE,
      connectionTimeoutMillis: 10_000,
    };
    const defaults = { writers: 8, firstWriter: 1, thinkMs: 4, reconnectMs: 10 };
    workload.#send({ kind: 'start', options: { ...defaults, ...options, connection } });
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

  /** Lets every writer bring its key to the end, for at most `withinMs`, and tells what was seen. */
  async stop(withinMs = 10_000): Promise<WorkloadResult> {
    this.#send({ kind: 'stop' });
    const deadline = realClock.now() + withinMs;
    while (isRunning(this.#child) && realClock.now() < deadline) await realClock.sleep(10);
    if (isRunning(this.#child)) {
      this.#child.kill('SIGKILL');
      await once(this.#child, 'exit');
    }
    return {
      writes: this.#writes,
      acknowledged: this.#writes.length,
      unknownOutcome: this.#unknownOutcome,
      errors: this.#errors,
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

  #take(message: FromWriters): void {
    if (message.kind === 'error') {
      this.#errors[message.code] = (this.#errors[message.code] ?? 0) + 1;
      return;
    }
    this.#writes.push({ writer: message.writer, n: message.n, at: message.at });
    if (message.wasThere) this.#unknownOutcome += 1;
  }
}

/** The longest gap between two writes that begins or ends inside the given time (both ends in real milliseconds). */
export function longestGap(writes: Write[], from = -Infinity, to = Infinity): Gap {
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
export function writesPerSecond(writes: Write[]): { at: number; writes: number }[] {
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
