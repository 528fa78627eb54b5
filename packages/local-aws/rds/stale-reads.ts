import type { World } from './world/world.ts';

/** Eventual consistency: for some reads after a change the API still shows the world as it was before. */
export class StaleReads {
  #before: World | undefined;
  #left = 0;

  /** The next `reads` describes see `before`, a copy of the world; a staleness already running only gets longer. */
  remember(before: World, reads: number): void {
    if (reads <= this.#left) return;
    if (this.#left === 0) this.#before = before;
    this.#left = reads;
  }

  /** What the next describe sees. */
  view(world: World): World {
    if (this.#left === 0 || !this.#before) return world;
    this.#left -= 1;
    const seen = this.#before;
    if (this.#left === 0) this.#before = undefined;
    return seen;
  }
}
