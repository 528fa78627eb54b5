import type { Json } from '../../../states/json.ts';
import type { Answer } from '../harness.ts';

/** A small machine and what the documentation says about its run. */
export interface Case {
  name: string;
  /** Page of the developer guide, or section of the Amazon States Language, that says so. */
  source: string;
  states: { [key: string]: Json };
  /** The first state when it is missing: the first one that is written. */
  startAt?: string;
  input?: Json;
  functions?: Record<string, Answer[]>;
  /** Numbers in [0, 1) for jitter. */
  random?: number;
  expect: {
    status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
    output?: Json;
    error?: string;
    /** A part of the cause. */
    cause?: string;
    /** Seconds of the clock from start to end. */
    seconds?: number;
    /** The names of the functions called, in order, and the seconds at which they were. */
    calls?: [string, number][];
    transitions?: number;
  };
  /** The order of its events depends on moments so close that a real clock cannot keep them apart. */
  virtualOnly?: boolean;
  timeoutSeconds?: number;
}
