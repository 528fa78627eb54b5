import { type Expression, x } from '../expressions.ts';
import type { HandOver } from '../hand-over.ts';
import { statesOf } from '../states.ts';

export type Begin =
  | 'Take the input'
  | 'Read the run'
  | 'Is a yes of people needed?'
  | 'Get the approval of every group'
  | 'Begin to go back'
  | 'Announce that production goes back'
  | 'Warm the functions'
  | 'How far did an earlier execution get?'
  | 'Attach the rollback target';

export type Compare =
  | 'Check for other writers'
  | 'Compare both sides'
  | 'Is everything compared?'
  | 'State the loss'
  | 'Is the loss accepted?'
  | 'Detach the rollback target'
  | 'Set the sequences';

export type End =
  | 'Put back what was dropped'
  | 'Close the way back'
  | 'Stay on new production'
  | 'Are writes to be resumed?'
  | 'Resume writes'
  | 'Resume writes and wait for the answer'
  | 'Did writes resume?'
  | 'Where does it go on?';

export type Outcome =
  | 'Record outcome'
  | 'Notify'
  | 'How did it end?'
  | 'Went back: blue serves production'
  | 'Going back refused: nothing was changed'
  | 'Did not go back: green serves production'
  | 'Going back incomplete: look before any retry';

export type Stop =
  | 'Are writes to be stopped first?'
  | 'Stop writes'
  | 'Stop writes and wait for the answer'
  | 'Did writes stop?'
  | 'Fence new production'
  | 'Wait for the last changes'
  | 'Is there still time for the last changes?';

export type Swap =
  | 'Begin to swap the endpoint'
  | 'Swap the endpoint'
  | 'Wait for the endpoint'
  | 'Is there still time for the endpoint?'
  | 'Does the address lead to blue?'
  | 'Wait for the DNS TTL'
  | 'Is there still time for the DNS TTL?'
  | 'Admit the application'
  | 'Open blue for writes'
  | 'Verify going back';

/** The states of going back, by phase. */
export type RollBackState = Begin | Stop | Compare | Swap | End | HandOver | Outcome;

/** The variables of going back. "Take the input" gives each its first value. */
export type RollBackVariable =
  | 'run'
  | 'request'
  | 'deployment'
  | 'wayBack'
  | 'findings'
  | 'window'
  | 'approval'
  | 'tests'
  | 'serving'
  | 'snapshot'
  | 'outcome'
  | 'positions'
  | 'progress'
  | 'leads'
  | 'begunBefore'
  | 'moved'
  | 'failure'
  | 'cleanupFailure'
  | 'end'
  | 'waitingSince'
  | 'deadline'
  | 'renamed'
  | 'change'
  | 'reads'
  | 'writesStopped'
  | 'hookAnswer'
  | 'loss'
  | 'accepted'
  | 'doubt'
  | 'exceeding'
  | 'plan'
  | 'asks'
  | 'asked';

export const { task, wait, hook, hookAnsweringLater, choice, pass, each, fault, late, hookSaidNo } = statesOf<
  RollBackState,
  RollBackVariable
>();

/** Variables that get what a function answers under their names. */
export const answered = <Name extends string>(...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, x`$states.result.Payload.${name}`])) as Record<
    Name,
    Expression
  >;
