import type { RehearsalState, StateName } from './states.ts';

/** Which database serves production at an end. `blue` where a switchover was started or not: blue is where writes go. */
export type ServingAtEnd = 'blue' | 'green' | 'unknown';

/** How an execution ends: `succeed` and `fail` are the state's type. */
export interface End {
  serves: ServingAtEnd;
  kind: 'succeed' | 'fail';
  /** State machine that has this end. */
  machine: 'blue-green-deployment' | 'roll-back';
  /** A run that waited for going back ends so too: in a Fail, because what it was to do is undone. */
  endsRunsToo?: true;
}

/** Every end of a run, by its name: the name is the state's, and the runbook's heading. */
export const ends = {
  'Dry run passed: nothing was changed': {
    serves: 'blue',
    kind: 'succeed',
    machine: 'blue-green-deployment',
  },
  'Refused: nothing was changed': { serves: 'blue', kind: 'fail', machine: 'blue-green-deployment' },
  'Stopped before switchover: blue serves production': {
    serves: 'blue',
    kind: 'fail',
    machine: 'blue-green-deployment',
  },
  'Switchover rolled back: blue serves production': {
    serves: 'blue',
    kind: 'fail',
    machine: 'blue-green-deployment',
  },
  'Green serves production': { serves: 'green', kind: 'succeed', machine: 'blue-green-deployment' },
  'Green serves production, clean-up incomplete': {
    serves: 'green',
    kind: 'fail',
    machine: 'blue-green-deployment',
  },
  'Went back: blue serves production': {
    serves: 'blue',
    kind: 'succeed',
    machine: 'roll-back',
    endsRunsToo: true,
  },
  /** Of a run on a copy alone: production of the copy went back on purpose. */
  'Went back on a copy: production was not touched': {
    serves: 'blue',
    kind: 'succeed',
    machine: 'blue-green-deployment',
  },
  'Going back refused: nothing was changed': { serves: 'unknown', kind: 'fail', machine: 'roll-back' },
  'Did not go back: green serves production': { serves: 'green', kind: 'fail', machine: 'roll-back' },
  'Going back incomplete: look before any retry': {
    serves: 'unknown',
    kind: 'fail',
    machine: 'roll-back',
    endsRunsToo: true,
  },
  'Outcome unknown: look before any retry': {
    serves: 'unknown',
    kind: 'fail',
    machine: 'blue-green-deployment',
  },
} as const satisfies Partial<Record<StateName, End>>;

export type EndName = keyof typeof ends;

/** Ends of a rehearsal on a copy, which says nothing of which side serves: production is as it was. */
export const rehearsalEnds = {
  'Rehearsed on a copy: production was not touched': { kind: 'succeed' },
  'Rehearsal failed: production was not touched': { kind: 'fail' },
  'Rehearsal left a copy: production was not touched': { kind: 'fail' },
} as const satisfies Partial<Record<RehearsalState, Pick<End, 'kind'>>>;

export type RehearsalEnd = keyof typeof rehearsalEnds;

/** Whether a text is the name of an end. */
export function isEndName(text: unknown): text is EndName {
  return typeof text === 'string' && Object.hasOwn(ends, text);
}
