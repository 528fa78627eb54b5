import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate, setTimeout } from 'node:timers';
import { duration, type LocalClock } from './clock.ts';

interface Activity {
  name: string;
  clock: VirtualClock;
  open: boolean;
  /** Sleeps on the clock and activities inside this one: while there are any, this one waits for them. */
  waits: number;
}

interface Timer {
  due: number;
  action: () => void;
}

interface Waiter {
  reject(reason: Error): void;
}

/**
 * One storage for all clocks, as every storage costs each asynchronous call a little. Work that is
 * started after its activity has ended (a background job begun by a request) belongs to none.
 */
const current = new AsyncLocalStorage<Activity | undefined>();

/** Requests to the operating system, such as reading a file. They show that somebody waits for something real. */
const systemRequests = new Set(['FSReqCallback', 'FSReqPromise', 'CloseReq', 'GetAddrInfoReqWrap']);

/** Two empty turns of the event loop: promises, `nextTick` and `setImmediate` chains of a request are then through. */
const emptyTurns = 2;

/**
 * A clock whose time jumps to the next timer as soon as nothing else can happen: no promise is runnable,
 * no file is being read, and all work marked by {@link LocalClock.during} sleeps on this clock or waits for
 * work that does. Time moves only inside {@link run}. Timers of the same instant fire one by one, in the order
 * in which they were set, so that a run is repeatable.
 */
export class VirtualClock implements LocalClock {
  readonly #timers: Timer[] = [];
  readonly #activities = new Set<Activity>();
  readonly #waiters = new Set<Waiter>();
  readonly #stallMs: number;
  #now: number;
  #changes = 0;
  #driving = false;

  /**
   * @param start milliseconds since the epoch
   * @param stallMs real milliseconds without any progress after which {@link run} gives up, naming what is in flight
   */
  constructor(start: number = Date.UTC(2026, 0, 1), stallMs: number = 15_000) {
    this.#now = start;
    this.#stallMs = stallMs;
  }

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number): Promise<void> {
    const activity = this.#activity();
    if (activity !== undefined) activity.waits += 1;
    return new Promise((resolve) => {
      this.after(milliseconds, () => {
        if (activity !== undefined) activity.waits -= 1;
        resolve();
      });
    });
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { due: this.#now + duration(milliseconds), action };
    this.#changes += 1;
    this.#timers.splice(this.#position(timer.due), 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  async during<T>(name: string, work: () => Promise<T>): Promise<T> {
    const parent = this.#activity();
    const activity: Activity = { name, clock: this, open: true, waits: 0 };
    if (parent !== undefined) parent.waits += 1;
    this.#activities.add(activity);
    this.#changes += 1;
    try {
      return await current.run(activity, work);
    } finally {
      activity.open = false;
      this.#activities.delete(activity);
      if (parent !== undefined) parent.waits -= 1;
      this.#changes += 1;
    }
  }

  detached<T>(work: () => T): T {
    return current.run(undefined, work);
  }

  /** Lets time pass until the work is settled. Several runs at once share the same time. */
  run<T>(work: Promise<T> | (() => Promise<T>)): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const waiter = { reject };
      const end = () => this.#waiters.delete(waiter);
      this.#waiters.add(waiter);
      const promise = typeof work === 'function' ? work() : work;
      promise.then(resolve, reject).finally(end);
      if (!this.#driving) void this.#drive();
    });
  }

  async #drive(): Promise<void> {
    this.#driving = true;
    let seen = -1;
    let turns = 0;
    let idleSince = performance.now();
    while (this.#waiters.size > 0) {
      await turn(turns);
      if (this.#changes !== seen) {
        seen = this.#changes;
        turns = 0;
        idleSince = performance.now();
        continue;
      }
      turns += 1;
      if (turns < emptyTurns) continue;
      if (this.#advance()) turns = 0;
      else if (performance.now() - idleSince > this.#stallMs) this.#giveUp();
    }
    this.#driving = false;
  }

  /** Fires the next timer, if nothing is in flight. */
  #advance(): boolean {
    if (this.#timers.length === 0 || this.#inFlight().length > 0) return false;
    if (process.getActiveResourcesInfo().some((name) => systemRequests.has(name))) return false;
    const timer = this.#timers.shift();
    if (timer === undefined || timer.due === Number.POSITIVE_INFINITY) return false;
    this.#now = timer.due;
    this.#changes += 1;
    timer.action();
    return true;
  }

  #giveUp(): void {
    const names = this.#inFlight().map((activity) => activity.name);
    const why =
      names.length > 0 ? `in flight: ${names.join(', ')}` : 'nothing is in flight and no timer is set';
    const error = new Error(`Virtual time stands still at ${new Date(this.#now).toISOString()}: ${why}`);
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters.clear();
  }

  #inFlight(): Activity[] {
    return [...this.#activities].filter((activity) => activity.waits === 0);
  }

  #activity(): Activity | undefined {
    const activity = current.getStore();
    return activity?.open && activity.clock === this ? activity : undefined;
  }

  /** Where a timer goes: behind all that are due before it or at the same time. */
  #position(due: number): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#timers[middle]?.due ?? 0) <= due) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** One turn of the event loop; after many empty ones a short pause, as somebody waits for something real. */
function turn(emptyBefore: number): Promise<void> {
  return new Promise((resolve) => {
    if (emptyBefore < 200) setImmediate(resolve);
    else setTimeout(resolve, 1);
  });
}
