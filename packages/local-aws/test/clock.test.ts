import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScaledClock } from '../clock.ts';
import { VirtualClock } from '../virtual-clock.ts';

const year = 365 * 24 * 3_600_000;

describe('virtual clock', () => {
  it('passes a year in no time', async () => {
    const clock = new VirtualClock(0);
    await clock.run(clock.sleep(year));
    expect(clock.now()).toBe(year);
  });

  it('stands still outside a run', async () => {
    const clock = new VirtualClock(0);
    let woken = false;
    clock.after(1, () => {
      woken = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect({ woken, now: clock.now() }).toEqual({ woken: false, now: 0 });
  });

  it('fires timers by time, and those of one instant in the order in which they were set', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5), { minLength: 1, maxLength: 30 }), async (delays) => {
        const clock = new VirtualClock(0);
        const fired: [number, number][] = [];
        delays.forEach((delay, index) => {
          clock.after(delay, () => fired.push([delay, index]));
        });
        await clock.run(clock.sleep(6));
        expect(fired).toEqual(
          delays.map((delay, index) => [delay, index] as const).toSorted((a, b) => a[0] - b[0]),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('does not fire a timer that was called off', async () => {
    const clock = new VirtualClock(0);
    const fired: string[] = [];
    const callOff = clock.after(5, () => fired.push('called off'));
    clock.after(6, () => fired.push('kept'));
    callOff();
    await clock.run(clock.sleep(10));
    expect(fired).toEqual(['kept']);
  });

  it('waits for work in flight that does something real', async () => {
    const clock = new VirtualClock(0);
    const seen: number[] = [];
    const work = clock.during('a slow request', async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      seen.push(clock.now());
    });
    await clock.run(Promise.all([work, clock.sleep(1000)]));
    expect(seen).toEqual([0]);
  });

  it('passes while work in flight sleeps on it, also inside a request of that work', async () => {
    const clock = new VirtualClock(0);
    const handler = clock.during('a handler', async () => {
      await clock.during('its request', () => clock.sleep(5000));
      await clock.sleep(500);
      return clock.now();
    });
    expect(await clock.run(handler)).toBe(5500);
  });

  it('waits for one piece of work while another one sleeps', async () => {
    const clock = new VirtualClock(0);
    const sleeper = clock.during('sleeper', () => clock.sleep(1000));
    const worker = clock.during('worker', async () => {
      await new Promise((resolve) => setTimeout(resolve, 40));
      return clock.now();
    });
    const [now] = await clock.run(Promise.all([worker, sleeper]));
    expect(now).toBe(0);
  });

  it('does not take background work for a part of the request that began it', async () => {
    const clock = new VirtualClock(0);
    const background: { ended?: Promise<void> } = {};
    const work = clock.during('request', async () => {
      background.ended = clock.detached(() => clock.sleep(1000));
      await new Promise((resolve) => setTimeout(resolve, 40));
      return clock.now();
    });
    expect(await clock.run(work)).toBe(0);
    await clock.run(background.ended ?? Promise.reject(new Error('not begun')));
    expect(clock.now()).toBe(1000);
  });

  it('waits for files that are being read, marked or not', async () => {
    const clock = new VirtualClock(0);
    const read = async () => {
      for (let count = 0; count < 20; count += 1) await readFile(new URL(import.meta.url));
      return clock.now();
    };
    const [now] = await clock.run(Promise.all([read(), clock.sleep(1000)]));
    expect(now).toBe(0);
  });

  it('is shared by runs that overlap', async () => {
    const clock = new VirtualClock(0);
    const short = clock.run(clock.sleep(10)).then(() => clock.now());
    const long = clock.run(clock.sleep(20)).then(() => clock.now());
    expect(await Promise.all([short, long])).toEqual([10, 20]);
  });

  it('says what is in flight when nothing can happen any more', async () => {
    const clock = new VirtualClock(0, 50);
    const stuck = clock.during('a handler that waits for ever', () => new Promise<void>(() => {}));
    clock.after(1000, () => {});
    await expect(clock.run(stuck)).rejects.toThrow(/in flight: a handler that waits for ever/);
  });

  it('says when no timer is set for what is awaited', async () => {
    const clock = new VirtualClock(0, 50);
    await expect(clock.run(new Promise(() => {}))).rejects.toThrow(/no timer is set/);
  });

  it('gives the error of what it runs', async () => {
    const clock = new VirtualClock(0);
    const work = async () => {
      await clock.sleep(1);
      throw new Error('own');
    };
    await expect(clock.run(work)).rejects.toThrow('own');
  });

  it('runs thousands of sleepers at once and one after the other', async () => {
    const clock = new VirtualClock(0);
    let ticks = 0;
    const sleeper = async (period: number) => {
      for (let count = 0; count < 10; count += 1) {
        await clock.during('tick', () => clock.sleep(period));
        ticks += 1;
      }
    };
    await clock.run(Promise.all(Array.from({ length: 1000 }, (_, index) => sleeper(index + 1))));
    expect({ ticks, now: clock.now() }).toEqual({ ticks: 10_000, now: 10_000 });
  });
});

describe('scaled clock', () => {
  it('has passed at least the time slept', async () => {
    const clock = new ScaledClock(1000, 0);
    for (const milliseconds of [1, 999, 20_000]) {
      const before = clock.now();
      await clock.sleep(milliseconds);
      expect(clock.now() - before).toBeGreaterThanOrEqual(milliseconds);
    }
  });

  it('converts its time to real time', () => {
    const clock = new ScaledClock(60, 0);
    expect(clock.toRealDuration(3_600_000)).toBe(60_000);
    expect(clock.toRealTime(120_000) - clock.toRealTime(0)).toBe(2000);
  });

  it.each([
    ['slower', 10_000, 500],
    ['faster', 10, 10_000],
  ])('can go %s: it does not jump, and a timer keeps its moment', async (_name, from, to) => {
    const clock = new ScaledClock(from, 0);
    const woken = new Promise<number>((resolve) => clock.after(20_000, () => resolve(clock.now())));
    const before = clock.now();
    clock.goAt(to);
    const jumped = clock.now() - before;
    expect(jumped).toBeGreaterThanOrEqual(0);
    expect(await woken).toBeGreaterThanOrEqual(20_000);
    expect(clock.scale).toBe(to);
  });

  it('forgets a timer that was called off when its scale changes', async () => {
    const clock = new ScaledClock(10, 0);
    const fired: string[] = [];
    clock.after(1_000, () => fired.push('called off'))();
    clock.goAt(10_000);
    await clock.sleep(10_000);
    expect(fired).toEqual([]);
  });

  it('calls timers off', async () => {
    const clock = new ScaledClock(1000, 0);
    const fired: string[] = [];
    clock.after(5000, () => fired.push('called off'))();
    await new Promise<void>((resolve) => {
      clock.after(10_000, resolve);
    });
    expect(fired).toEqual([]);
  });

  it('refuses a scale that does not move', () => {
    expect(() => new ScaledClock(0)).toThrow(RangeError);
    expect(() => new ScaledClock(1).goAt(0)).toThrow(RangeError);
  });
});
