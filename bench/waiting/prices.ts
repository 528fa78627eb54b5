/**
 * What AWS takes, in USD, of us-east-1 and without a free tier (2026-11): https://aws.amazon.com/step-functions/pricing/,
 * https://aws.amazon.com/lambda/pricing/ (arm64), https://aws.amazon.com/cloudwatch/pricing/.
 */
const prices = {
  transition: 25 / 1_000_000,
  request: 0.2 / 1_000_000,
  gibSecond: 0.000_013_333_4,
  /** Of `GetMetricData`: each metric that a call asks for, however many points it has. */
  metric: 0.01 / 1_000,
  gibOfLogs: 0.5,
};

/** Seconds that a function of 512 MiB is billed for: each start is taken as a cold one, and each call of AWS as a slow one. */
const coldStart = 0.6;
const call = 0.1;
const gib = 0.5;

/** What a run used. */
export interface Usage {
  transitions: number;
  invocations: number;
  /** Of AWS, by functions. */
  calls: number;
  /** Asked of CloudWatch. */
  metrics: number;
  logBytes: number;
}

/** USD by service. */
export interface Cost {
  states: number;
  functions: number;
  cloudWatch: number;
}

export function priceOf({ transitions, invocations, calls, metrics, logBytes }: Usage): Cost {
  return {
    states: transitions * prices.transition,
    functions:
      invocations * prices.request + (invocations * coldStart + calls * call) * gib * prices.gibSecond,
    cloudWatch: metrics * prices.metric + (logBytes / 2 ** 30) * prices.gibOfLogs,
  };
}

export const sumOf = ({ states, functions, cloudWatch }: Cost): number => states + functions + cloudWatch;

/** The same hours as a plain loop: Wait, Task and Choice, one call of RDS a look. Nine events and three transitions each. */
export function priceOfLoop(hours: number, everySeconds: number): { events: number; usd: number } {
  const looks = Math.round((hours * 3_600) / everySeconds);
  const usage = { transitions: 3 * looks, invocations: looks, calls: looks, metrics: 0, logBytes: 0 };
  return { events: 9 * looks, usd: sumOf(priceOf(usage)) };
}
