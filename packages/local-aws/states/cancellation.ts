/** Work was called off: the execution was stopped or timed out, or a sibling branch failed. Never retried or caught. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/**
 * Ends the waits of a line of states, and those of the lines inside it. An own class and not `AbortSignal`,
 * because a Map adds many listeners to one signal and each of them must go when its wait is over.
 */
export class Cancellation {
  readonly #parent: Cancellation | undefined;
  readonly #waits = new Set<() => void>();
  #cancelled = false;

  constructor(parent?: Cancellation) {
    this.#parent = parent;
  }

  cancel(): void {
    this.#cancelled = true;
    for (const stop of [...this.#waits]) stop();
  }

  get cancelled(): boolean {
    return this.#cancelled || (this.#parent?.cancelled ?? false);
  }

  /** Throws when the work was called off. */
  check(): void {
    if (this.cancelled) throw new Cancelled('called off');
  }

  /**
   * Waits for what `start` begins. `start` gets functions that end the wait and returns what must be undone when
   * it has ended, however that was; everything that comes later has no effect.
   */
  wait<T>(start: (resolve: (value: T) => void, reject: (reason: unknown) => void) => () => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.check();
      let undo: (() => void) | undefined;
      let open = true;
      const end = (settle: () => void): void => {
        if (!open) return;
        open = false;
        this.#forget(stop);
        undo?.();
        settle();
      };
      const stop = (): void => end(() => reject(new Cancelled('called off')));
      this.#listen(stop);
      undo = start(
        (value) => end(() => resolve(value)),
        (reason) => end(() => reject(reason)),
      );
      if (!open) undo();
    });
  }

  #listen(stop: () => void): void {
    this.#waits.add(stop);
    if (this.#parent !== undefined) this.#parent.#listen(stop);
  }

  #forget(stop: () => void): void {
    this.#waits.delete(stop);
    if (this.#parent !== undefined) this.#parent.#forget(stop);
  }
}
