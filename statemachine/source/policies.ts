import type { AnyError } from './failures.ts';

/**
 * Every retry of both machines, by its name. Its Comment, which operators see, says what it waits; a test computes
 * it again. What is retried has either read before it acted, or has proved that nothing was done.
 */
export interface Retry {
  Comment: string;
  ErrorEquals: readonly AnyError[];
  IntervalSeconds: number;
  BackoffRate: number;
  MaxDelaySeconds?: number;
  MaxAttempts: number;
  JitterStrategy?: 'FULL' | 'NONE';
}

/** What Lambda, its runtime or the network may do to any function. It may have run, or not. */
const lambdaFaults = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Runtime.ExitError',
  'Sandbox.Timedout',
] as const;

/** 2 · 2ⁿ for n = 0 … 5: 126 s. With full jitter each is between 0 and that, so that functions do not come back together. */
export const faults: Retry = {
  Comment: '2, 4, 8, 16, 32 and 64 s: about 2 minutes in all. Tasks read before they act.',
  ErrorEquals: lambdaFaults,
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 6,
  JitterStrategy: 'FULL',
};

/** 15 · 1.5ⁿ, from the seventh on 120: 552 s. RDS is busy for minutes: a backup, another change of the same database. */
export const rdsBusy: Retry = {
  Comment: '15, 22, 34, 51, 76, 114, 120 and 120 s: about 9 minutes in all.',
  ErrorEquals: ['BlueGreen.Busy'],
  IntervalSeconds: 15,
  BackoffRate: 1.5,
  MaxDelaySeconds: 120,
  MaxAttempts: 8,
  JitterStrategy: 'NONE',
};

/**
 * 20 · 1.5ⁿ, from the thirteenth on 1,800: 26,750 s. Half of that with full jitter. The pauses must grow: many runs that come back soon are turned away
 * together again and again, each with some of its answers for nothing, until no run gets on.
 */
export const throttled: Retry = {
  Comment:
    '20 s, growing by half to 1800 s, 24 times: 7 hours, half of it by jitter. AWS turned the call away unseen.',
  ErrorEquals: ['BlueGreen.Throttled'],
  IntervalSeconds: 20,
  BackoffRate: 1.5,
  MaxDelaySeconds: 1_800,
  MaxAttempts: 24,
  JitterStrategy: 'FULL',
};

/** 240 · 20: 4,800 s, half of that with full jitter. Clients wait, or nobody knows which side serves: few runs are there at the same time. */
export const throttledInTheCut: Retry = {
  Comment: '20 s, 240 times: 80 minutes, half of it by jitter. AWS turned the call away unseen.',
  ErrorEquals: ['BlueGreen.Throttled'],
  IntervalSeconds: 20,
  BackoffRate: 1,
  MaxAttempts: 240,
  JitterStrategy: 'FULL',
};

/** 240 · 120: 28,800 s. The window bounds it: past it the check says no. */
export const inTurn: Retry = {
  Comment: '120 s, 240 times: 8 hours, half of it by jitter. Others switch over.',
  ErrorEquals: ['BlueGreen.Throttled'],
  IntervalSeconds: 120,
  BackoffRate: 1,
  MaxAttempts: 240,
  JitterStrategy: 'FULL',
};

/** 30 · 2ⁿ, from the fifth on 480: 2,370 s. Nothing waits for old blue, and CloudWatch may be a quarter of an hour late. */
export const nobodyWaits: Retry = {
  Comment: '30, 60, 120, 240, 480, 480, 480 and 480 s: about 40 minutes in all.',
  ErrorEquals: ['BlueGreen.Busy'],
  IntervalSeconds: 30,
  BackoffRate: 2,
  MaxDelaySeconds: 480,
  MaxAttempts: 8,
  JitterStrategy: 'NONE',
};

/** 2 · 2ⁿ, from the sixth on 60: 242 s. A server is busy for seconds: a lock, a session that is about to end, a restart. */
export const sqlBusy: Retry = {
  Comment: '2, 4, 8, 16, 32, 60, 60 and 60 s: about 4 minutes in all.',
  ErrorEquals: ['BlueGreen.Busy'],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  MaxAttempts: 8,
  JitterStrategy: 'NONE',
};

/** 1 · 1.5ⁿ, at most 20: 49 s. Clients wait meanwhile. */
export const sqlBusyWhileWritesAreHeld: Retry = {
  Comment: '1, 2, 2, 3, 5, 8, 11 and 17 s: about 50 seconds in all, while writes are held.',
  ErrorEquals: ['BlueGreen.Busy'],
  IntervalSeconds: 1,
  BackoffRate: 1.5,
  MaxDelaySeconds: 20,
  MaxAttempts: 8,
  JitterStrategy: 'NONE',
};

/** 80 · 15: 1,200 s, twice the ten minutes that the names of RDS may need to follow a rename. Nobody can write meanwhile, so it asks often. */
export const untilNamesFollow: Retry = {
  Comment: '15 s, 80 times: names of RDS may follow a rename after ten minutes only, and 20 are given.',
  ErrorEquals: ['BlueGreen.Busy'],
  IntervalSeconds: 15,
  BackoffRate: 1,
  MaxAttempts: 80,
};

/** 6 · 10: 60 s. */
export const memberFlaps: Retry = {
  Comment: '10 s, 6 times: a member that flaps gets one minute.',
  ErrorEquals: ['BlueGreen.Busy'],
  IntervalSeconds: 10,
  BackoffRate: 1,
  MaxAttempts: 6,
};

/** 2 · 2ⁿ for n = 0 … 2: 14 s. For what the run can do without. */
export const anyFaultBriefly: Retry = {
  Comment: '2, 4 and 8 s: 14 s in all, since a window may be open. Safe because it only reads.',
  ErrorEquals: [...lambdaFaults, 'BlueGreen.Busy'],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 3,
  JitterStrategy: 'NONE',
};

/** 2 · 2ⁿ for n = 0 … 2: 14 s. Nothing waits for an announcement longer, not even where SNS turns it away. */
export const tellingBriefly: Retry = {
  Comment:
    '2, 4 and 8 s: 14 s in all. A message that was sent and not confirmed is sent again, with the same id.',
  ErrorEquals: [...lambdaFaults, 'BlueGreen.Busy', 'BlueGreen.Throttled'],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 3,
  JitterStrategy: 'NONE',
};

/** 2 · 2ⁿ for n = 0 … 2: 14 s. A hook is the user's: nobody knows whether it may run twice. */
export const hookDidNotBegin: Retry = {
  Comment: '2, 4 and 8 s. Only for faults in which the hook did not begin to run.',
  ErrorEquals: ['Lambda.TooManyRequestsException', 'Lambda.ServiceException'],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: 3,
};
