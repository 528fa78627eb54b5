import { statesOf } from '../states.ts';
import type { Accept } from './accept.ts';
import type { Build } from './build.ts';
import type { BuildRemoval } from './build-removal.ts';
import type { Close } from './close.ts';
import type { Cut } from './cut.ts';
import type { CutResume } from './cut-resume.ts';
import type { Hold } from './hold.ts';
import type { Outcome } from './outcome.ts';
import type { Prove } from './prove.ts';
import type { WayBackAttach } from './way-back-attach.ts';
import type { WayBackGoBack } from './way-back-go-back.ts';
import type { WayBackSecure } from './way-back-secure.ts';

/** The states of a run, by phase. */
export type RunState =
  | Accept
  | Build
  | BuildRemoval
  | Hold
  | Cut
  | CutResume
  | Prove
  | WayBackSecure
  | WayBackAttach
  | WayBackGoBack
  | Close
  | Outcome;

/** The variables of a run. "Accept the request" says what they hold. */
export type RunVariable =
  | 'request'
  | 'deployment'
  | 'findings'
  | 'approval'
  | 'window'
  | 'serving'
  | 'wayBack'
  | 'statistics'
  | 'tests'
  | 'outcome'
  | 'hookAnswer'
  | 'baseline'
  | 'baked'
  | 'bakeUntil'
  | 'failure'
  | 'cleanupFailure'
  | 'end'
  | 'changesApplied'
  | 'writesStopped'
  | 'writesHeld'
  | 'refusals'
  | 'snapshot'
  | 'found'
  | 'goingBack'
  | 'waitingSince'
  | 'deadline'
  | 'switchover'
  | 'returns';

export const {
  task,
  wait,
  hook,
  hookAnsweringLater,
  start,
  choice,
  pass,
  pause,
  each,
  fault,
  late,
  hookSaidNo,
} = statesOf<RunState, RunVariable>();
