import type { EndName } from '../functions/domain/model/ends.ts';
import type { Variable } from '../functions/runtime/env.ts';

/** Name of a file in `statemachine/`, which ends the name of the machine as well. */
export type MachineFile = 'rehearsal' | 'blue-green-deployment' | 'roll-back';

/** What the stack knows of a state machine. Another machine is a name above, a row below and its file. */
export interface MachineRow {
  /** Logical id of the machine; begins those of its role, its version and its alias. */
  id: string;
  /** For docs/permissions.md. */
  description: string;
  /** Variable by which functions know its ARN. */
  variable: Variable;
  /** Machines that it starts, by the placeholder that stands for them in its text. */
  starts: { machine: MachineFile; placeholder: string; why: string }[];
  /** Whether it invokes the hooks of a request. */
  callsHooks: boolean;
  /** How its executions end where that is counted, in the order of the dashboard's graph: states of its text, and two ends of Step Functions. */
  ends?: { title: string; metric: 'Runs' | 'Returns'; names: (EndName | 'Aborted' | 'Timed out')[] };
  /** Alarms on what AWS counts of its executions. */
  alarms: MachineAlarm[];
  /** Outputs of the stack: the alias that starts use, and the machine whose executions are listed. */
  outputs: { alias: Output; machine: Output };
}

export interface MachineAlarm {
  /** Logical id without `Alarm`. */
  id: string;
  name: string;
  means: string;
  /** Heading of docs/runbook.md. */
  heading: string;
  counts: ('ExecutionsAborted' | 'ExecutionsFailed' | 'ExecutionsTimedOut')[];
}

interface Output {
  name: string;
  description: string;
}

/** A machine stands above those that it starts. */
export const machines: Record<MachineFile, MachineRow> = {
  rehearsal: {
    id: 'RehearsalMachine',
    description: 'The state machine of a rehearsal on a copy.',
    variable: 'REHEARSAL_STATE_MACHINE_ARN',
    starts: [
      {
        machine: 'blue-green-deployment',
        placeholder: 'runMachine',
        why: 'starts the run on the copy; the definition gives it the copy and nothing else',
      },
      {
        machine: 'roll-back',
        placeholder: 'rollBackMachine',
        why: 'starts going back on the copy',
      },
    ],
    callsHooks: true,
    alarms: [
      {
        id: 'RehearsalFailed',
        name: 'rehearsal-failed',
        means:
          'A rehearsal on a copy did not go through, or what it copied is still there. Production was not touched.',
        heading: 'Rehearsal left a copy: production was not touched',
        counts: ['ExecutionsFailed', 'ExecutionsTimedOut'],
      },
    ],
    outputs: {
      alias: { name: 'StateMachineToRehearse', description: 'Rehearses a run on a copy' },
      machine: { name: 'RehearsalStateMachine', description: 'Lists every rehearsal' },
    },
  },
  'blue-green-deployment': {
    id: 'Machine',
    description: 'The state machine of a run.',
    variable: 'STATE_MACHINE_ARN',
    starts: [
      {
        machine: 'roll-back',
        placeholder: 'rollBackMachine',
        why: 'starts going back; the execution is its own, not a nested one',
      },
    ],
    callsHooks: true,
    ends: {
      title: 'Runs by their end',
      metric: 'Runs',
      names: [
        'Green serves production',
        'Dry run passed: nothing was changed',
        'Refused: nothing was changed',
        'Stopped before switchover: blue serves production',
        'Switchover rolled back: blue serves production',
        'Green serves production, clean-up incomplete',
        'Outcome unknown: look before any retry',
        'Went back: blue serves production',
        'Went back on a copy: production was not touched',
        'Going back incomplete: look before any retry',
        'Aborted',
        'Timed out',
      ],
    },
    alarms: [
      {
        id: 'RunFailed',
        name: 'run-failed',
        means: 'A run ended without doing what it was asked. Its announcement says which database serves.',
        heading: 'Ends of a run',
        counts: ['ExecutionsFailed'],
      },
      {
        id: 'RunTimedOut',
        name: 'run-timed-out',
        means: 'A run was ended by its own time limit and could not tell how it stands.',
        heading: 'States.Timeout',
        counts: ['ExecutionsTimedOut'],
      },
    ],
    outputs: {
      alias: { name: 'StateMachineToStart', description: 'Start runs with this ARN' },
      machine: { name: 'StateMachine', description: 'Lists every run' },
    },
  },
  'roll-back': {
    id: 'RollBackMachine',
    description: 'The state machine that goes back.',
    variable: 'ROLL_BACK_STATE_MACHINE_ARN',
    starts: [],
    callsHooks: true,
    ends: {
      title: 'Going back, by its end',
      metric: 'Returns',
      names: [
        'Went back: blue serves production',
        'Going back refused: nothing was changed',
        'Did not go back: green serves production',
        'Going back incomplete: look before any retry',
        'Aborted',
        'Timed out',
      ],
    },
    alarms: [
      {
        id: 'GoingBackFailed',
        name: 'going-back-failed',
        means:
          'An execution that goes back was refused or did not bring blue into production. Its announcement says what is known.',
        heading: 'Did not go back: green serves production',
        counts: ['ExecutionsFailed'],
      },
      {
        id: 'GoingBackStopped',
        name: 'going-back-stopped',
        means:
          'An execution that goes back was stopped, or ended by its time limit, in the middle: perhaps no database takes writes.',
        heading: 'Going back incomplete: look before any retry',
        counts: ['ExecutionsTimedOut', 'ExecutionsAborted'],
      },
    ],
    outputs: {
      alias: { name: 'StateMachineToGoBack', description: 'Goes back by hand' },
      machine: { name: 'RollBackStateMachine', description: 'Lists every execution that went back' },
    },
  },
};

export const machineFiles = Object.keys(machines) as MachineFile[];
export const machineRows = Object.values(machines);
