import { setTimeout as pause } from 'node:timers/promises';
import type { DataPlane } from '../packages/local-aws/rds/data-plane.ts';
import type { Writability } from './invariants/evidence.ts';

/**
 * Asks every database again and again whether it takes application writes. A database that closes and another that opens
 * between two questions must not look like two writers, so an opened one counts only when every other answer that says
 * writable is repeated after it.
 */
export class WriteObserver {
  readonly changes: Writability[] = [];
  readonly #plane: DataPlane;
  readonly #resources: () => string[];
  readonly #now: () => number;
  readonly #known = new Map<string, boolean>();
  /** When a database was asked that was closed then. */
  readonly #closedAt = new Map<string, number>();
  readonly #ended = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(plane: DataPlane, resources: () => string[], now: () => number) {
    this.#plane = plane;
    this.#resources = resources;
    this.#now = now;
  }

  start(everyMs = 10): void {
    this.#running = this.#observe(everyMs);
  }

  /** Ends with one more look at everything. */
  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#running;
    await this.#look();
  }

  async #observe(everyMs: number): Promise<void> {
    while (!this.#ended.signal.aborted) {
      await this.#look();
      await pause(everyMs, undefined, { signal: this.#ended.signal }).catch(() => {});
    }
  }

  async #look(): Promise<void> {
    const reachable = this.#resources();
    for (const [resourceId, wasWritable] of this.#known)
      if (wasWritable && !reachable.includes(resourceId)) this.#note(resourceId, false);
    for (const resourceId of reachable) {
      const askedAt = this.#now();
      const writable = await this.#ask(resourceId);
      if (writable === false) this.#closedAt.set(resourceId, askedAt);
      if (writable === undefined || writable === (this.#known.get(resourceId) ?? false)) continue;
      if (writable) await this.#confirmOthers(resourceId);
      this.#note(resourceId, writable);
    }
  }

  async #confirmOthers(except: string): Promise<void> {
    for (const [resourceId, wasWritable] of this.#known) {
      if (resourceId === except || !wasWritable) continue;
      if ((await this.#ask(resourceId)) !== true) this.#note(resourceId, false);
    }
  }

  /** A look takes a while where the machine is busy, so an opening counts from when the database was last seen closed: a gap is at least so long. */
  #note(resourceId: string, writable: boolean): void {
    this.#known.set(resourceId, writable);
    const opened = writable ? this.#closedAt.get(resourceId) : undefined;
    const at = Math.max(opened ?? this.#now(), this.changes.at(-1)?.at ?? 0);
    this.changes.push({ at, resourceId, writable });
  }

  /** A database that does not answer is not there (yet, or any more). */
  #ask(resourceId: string): Promise<boolean | undefined> {
    return this.#plane.isWritable(resourceId).catch(() => undefined);
  }
}
