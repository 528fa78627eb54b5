import type { HandOver } from '../hand-over.ts';
import { statesOf } from '../states.ts';

export type Accept =
  | 'Accept the request'
  | 'Validate request'
  | 'Ask whether the hooks may be invoked'
  | 'Check preconditions'
  | 'Check the way back'
  | 'Is this a dry run?'
  | 'Announce the start';

export type Build =
  | 'Create green'
  | 'Wait for green'
  | 'Is there still time for green?'
  | 'Are members of green to be changed?'
  | 'Change members of green'
  | 'Are there changes to apply to green?'
  | 'Apply changes to green'
  | 'Apply changes to green and wait for the answer'
  | 'Were the changes applied?'
  | 'Let green settle after the changes'
  | 'Is a failover of green to be tested?'
  | 'Fail over green'
  | 'How far is the failover of green?'
  | 'Wait for green after its failover'
  | 'Is there still time for green after its failover?'
  | 'Is there a test of green?'
  | 'Test green'
  | 'Test green and wait for the answer'
  | 'Did green pass its test?'
  | 'Keep the result of the test'
  | 'Check parity'
  | 'Check the way back on green'
  | 'Begin with the statistics of green'
  | 'Refresh the statistics of green'
  | 'Are the statistics of green refreshed?'
  | 'Is a load test to be run?'
  | 'Run the load test';

export type BuildRemoval =
  | 'Should green be kept?'
  | 'Remove green'
  | 'Wait for removal'
  | 'Is there still time for the removal?';

export type Close =
  | 'Is this a failed run?'
  | 'Release the deployment record'
  | 'Is old blue to be deleted?'
  | 'Announce what becomes of old blue'
  | 'Wait for retention'
  | 'Is the retention over?'
  | 'Take final snapshot'
  | 'Wait for snapshot'
  | 'Is there still time for the snapshot?'
  | 'Delete old blue'
  | 'Wait for deletion'
  | 'Is there still time for the deletion?';

export type Cut =
  | 'Warm the functions'
  | 'Are writes to be stopped first?'
  | 'Stop writes'
  | 'Stop writes and wait for the answer'
  | 'Did writes stop?'
  | 'Are application writes to be held?'
  | 'Hold application writes'
  | 'Start switchover'
  | 'Was this refused too often?'
  | 'May this be turned away again?'
  | 'Pause before another final check'
  | 'Wait for switchover'
  | 'Is there still time for the switchover?'
  | 'Does new production take writes already?'
  | 'Find production side'
  | 'Which side serves production?';

export type CutResume =
  | 'Were writes stopped before this?'
  | 'Are application writes held?'
  | 'Release application writes'
  | 'Pause before another release'
  | 'Were application writes released?'
  | 'Announce that writes are held'
  | 'Is there still time to release writes?'
  | 'Are writes to be resumed?'
  | 'Resume writes'
  | 'Resume writes and wait for the answer'
  | 'Did writes resume?'
  | 'Where does the run go on?'
  | 'Announce the cut';

export type Hold =
  | 'Find the next window'
  | 'Announce that green is ready'
  | 'Is an approval required?'
  | 'Get the approval of every group'
  | 'Wait for window'
  | 'Is the window still to come or open?'
  | 'Was the open window announced?'
  | 'Announce that the window is open'
  | 'Wait for replication to catch up'
  | 'Is there still time to catch up?'
  | 'Is a baseline to be taken?'
  | 'Take the baseline'
  | 'Final check';

export type HoldReads =
  | 'Are reads to be led to green?'
  | 'Lead reads to green'
  | 'Watch the reads'
  | 'Is there still time for this step?'
  | 'Was this step good?'
  | 'Were reads led to green?'
  | 'Lead reads back'
  | 'Wait for readers to come back'
  | 'Are all readers back?';

export type HoldPause =
  | 'Wait to be resumed'
  | 'May the run stay paused?'
  | 'Where does the paused run go on?';

export type Outcome =
  | 'Record outcome'
  | 'Notify'
  | 'How did it end?'
  | 'Dry run passed: nothing was changed'
  | 'Green serves production'
  | 'Refused: nothing was changed'
  | 'Stopped before switchover: blue serves production'
  | 'Switchover rolled back: blue serves production'
  | 'Green serves production, clean-up incomplete'
  | 'Went back: blue serves production'
  | 'Went back on a copy: production was not touched'
  | 'Going back incomplete: look before any retry'
  | 'Outcome unknown: look before any retry';

export type Prove =
  | 'Put back what was dropped'
  | 'Does production lack something?'
  | 'Announce what production lacks'
  | 'Verify production'
  | 'Is there a test of production?'
  | 'Test production'
  | 'Test production and wait for the answer'
  | 'Did production pass its test?'
  | 'Begin to bake'
  | 'Bake'
  | 'What did the bake find?'
  | 'Close the broken way back'
  | 'Announce that the way back broke'
  | 'Is there still time to bake?';

export type WayBackAttach =
  | 'Is the rollback target to be attached?'
  | 'Make the rollback target'
  | 'Wait for the rollback target'
  | 'Is there still time for the rollback target?'
  | 'Fence the rollback target'
  | 'Attach the rollback target'
  | 'Give up the way back'
  | 'Announce that there is no way back'
  | 'Is old blue to be closed?'
  | 'Close old blue';

export type WayBackGoBack =
  | 'Is production to go back?'
  | 'Announce that the bake failed'
  | 'Ask whether to go back'
  | 'Are there people to ask?'
  | 'Ask the people of the approval'
  | 'Wait for a decision'
  | 'Is there still time to decide?'
  | 'Remind of the question whether to go back'
  | 'What was decided?'
  | 'Go back'
  | 'Wait for going back'
  | 'Is there still time for going back?'
  | 'Did going back succeed?'
  | 'May going back be tried again?'
  | 'Is a way back left?'
  | 'Close the way back'
  | 'Is a clone left?'
  | 'Remove the rollback target';

export type WayBackSecure =
  | 'Is the way back to be secured?'
  | 'Count changes after the cut'
  | 'Secure the way back'
  | 'Is there still time to secure the way back?';

/** The states of a run, by phase. */
export type RunState =
  | Accept
  | Build
  | BuildRemoval
  | Hold
  | HoldPause
  | HoldReads
  | Cut
  | CutResume
  | HandOver
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
  | 'hooks'
  | 'outcome'
  | 'hookAnswer'
  | 'baseline'
  | 'baked'
  | 'bakeUntil'
  | 'failure'
  | 'cleanupFailure'
  | 'end'
  | 'changesApplied'
  | 'membersChanged'
  | 'writesStopped'
  | 'writesHeld'
  | 'early'
  | 'refusals'
  | 'turnedAwayUntil'
  | 'snapshot'
  | 'found'
  | 'goingBack'
  | 'waitingSince'
  | 'nearlySince'
  | 'deadline'
  | 'switchover'
  | 'returns'
  | 'writesOut'
  | 'nextReminder'
  | 'reminders'
  | 'paused'
  | 'pauseLeft'
  | 'pauseUntil'
  | 'reads';

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
