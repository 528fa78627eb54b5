import { statesOf } from '../states.ts';

export type RehearsalState =
  | 'Take the request'
  | 'Is this a clean-up?'
  | 'Validate request'
  | 'Is a load asked for?'
  | 'Ask whether the load may be started'
  | 'Make the copy'
  | 'Is there still time for the copy?'
  | 'Is the load to be started?'
  | 'Start the load on the copy'
  | 'Was the load started?'
  | 'Start the run on the copy'
  | 'Wait for the run on the copy'
  | 'Is there still time for the run on the copy?'
  | 'What became of the run on the copy?'
  | 'Go back on the copy'
  | 'Begin with the removal'
  | 'Remove the copy'
  | 'Is the load to be stopped first?'
  | 'Stop the load on the copy'
  | 'Pause before another removal'
  | 'Is there still time to remove the copy?'
  | 'Notify'
  | 'How did it end?'
  | 'Rehearsed on a copy: production was not touched'
  | 'Rehearsal failed: production was not touched'
  | 'Rehearsal left a copy: production was not touched';

/** The variables of a rehearsal. "Take the request" gives each its first value. */
export type RehearsalVariable =
  | 'request'
  | 'copied'
  | 'load'
  | 'loadSaid'
  | 'goingBack'
  | 'rehearsed'
  | 'outcome'
  | 'failure'
  | 'cleanupFailure'
  | 'end'
  | 'waitingSince'
  | 'deadline';

export const { task, wait, start, choice, pass, pause, fault, late } = statesOf<
  RehearsalState,
  RehearsalVariable
>();
