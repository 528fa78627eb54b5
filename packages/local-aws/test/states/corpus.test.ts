import { describe, expect, it } from 'vitest';
import { type LocalClock, ScaledClock } from '../../clock.ts';
import type { Json } from '../../states/json.ts';
import { VirtualClock } from '../../virtual-clock.ts';
import type { Case } from './cases/case.ts';
import { catchCases } from './cases/catch.ts';
import { dataCases } from './cases/data.ts';
import { innerCases } from './cases/inner.ts';
import { retryCases } from './cases/retry.ts';
import { timeCases } from './cases/time.ts';
import { Bench } from './harness.ts';

const corpus: Record<string, Case[]> = {
  retry: retryCases,
  catch: catchCases,
  time: timeCases,
  data: dataCases,
  'Map and Parallel': innerCases,
};

async function play(given: Case, clock: LocalClock) {
  const { states, functions = {}, random = 0.5, input = {}, timeoutSeconds } = given;
  const bench = new Bench(clock, functions, () => random);
  const [first = ''] = Object.keys(states);
  const limit: { [key: string]: Json } =
    timeoutSeconds === undefined ? {} : { TimeoutSeconds: timeoutSeconds };
  const arn = bench.start({ StartAt: given.startAt ?? first, States: states, ...limit }, input);
  const end = await bench.engine.settled(arn);
  return { bench, end, transitions: bench.engine.execution(arn).transitions };
}

function expectOutcome(given: Case, end: Awaited<ReturnType<typeof play>>['end']): void {
  const { status, output, error, cause } = given.expect;
  expect({ status: end.status, error: end.error }).toEqual({ status, error });
  if (output !== undefined) expect(JSON.parse(end.output ?? '')).toEqual(output);
  if (cause !== undefined) expect(end.cause).toContain(cause);
}

for (const [subject, cases] of Object.entries(corpus)) {
  describe(`${subject}, in virtual time`, () => {
    it.each(cases)('$name', async (given) => {
      const clock = new VirtualClock();
      const { bench, end, transitions } = await clock.run(() => play(given, clock));
      expectOutcome(given, end);
      const { seconds, calls } = given.expect;
      if (seconds !== undefined) expect(elapsed(end)).toBe(seconds);
      if (calls !== undefined) expect(bench.invocations.map(({ name, at }) => [name, at])).toEqual(calls);
      if (given.expect.transitions !== undefined) expect(transitions).toBe(given.expect.transitions);
    });
  });

  describe.concurrent(`${subject}, in real time, 250 times as fast`, () => {
    it.each(cases.filter(({ virtualOnly }) => virtualOnly !== true))('$name', async (given) => {
      const { bench, end } = await play(given, new ScaledClock(250));
      expectOutcome(given, end);
      const { seconds = 0, calls } = given.expect;
      expect(elapsed(end)).toBeGreaterThanOrEqual(seconds);
      if (calls !== undefined)
        expect(bench.invocations.map(({ name }) => name)).toEqual(calls.map(([name]) => name));
    });
  });
}

function elapsed({
  startDate,
  stopDate,
}: {
  startDate?: Date | undefined;
  stopDate?: Date | undefined;
}): number {
  return ((stopDate?.getTime() ?? Number.NaN) - (startDate?.getTime() ?? Number.NaN)) / 1000;
}
