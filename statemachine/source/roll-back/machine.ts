import type { Machine, Phase } from '../level.ts';
import { begin } from './begin.ts';
import { compare } from './compare.ts';
import { end } from './end.ts';
import { handOver } from './hand-over.ts';
import type { RollBackState } from './names.ts';
import { outcome } from './outcome.ts';
import { stop } from './stop.ts';
import { swap } from './swap.ts';

const states: Phase<RollBackState> = {
  ...begin,
  ...stop,
  ...compare,
  ...swap,
  ...end,
  ...handOver,
  ...outcome,
};

export const rollBack: Machine<RollBackState> = {
  comment:
    'Goes back from new production to blue without losing a row, or with a loss that a person has accepted, by the way back of a run. Blue is the rollback target here: old blue itself, or on Aurora the clone of it that the run has made. Started by the run, or by hand with {"executionArn": ARN of the run}. Every step may be repeated; a crash anywhere leaves at most one writer, and starting it again goes on. Until "Begin to swap the endpoint" the safe direction is new production, from there on blue.',
  seconds: 28_800,
  startAt: 'Take the input',
  states,
};
