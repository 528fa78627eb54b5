import type { Machine, Phase } from '../level.ts';
import type { RehearsalState } from './names.ts';
import { onCopy } from './on-copy.ts';
import { removal } from './removal.ts';

const states: Phase<RehearsalState> = { ...onCopy, ...removal };

export const rehearsal: Machine<RehearsalState> = {
  comment:
    'Rehearses a run on a copy of production, which it only reads: the copy is made behind a security group of its own, the unchanged workflow runs on it, production goes back there on purpose, and everything that was made is deleted, whatever happened. Started with the request of the run and "rehearseOnCopy": {}. {"removeCopyOf": ARN of a rehearsal} removes what one has left that was stopped; an event starts that.',
  seconds: 3_456_000,
  startAt: 'Take the request',
  states,
};
