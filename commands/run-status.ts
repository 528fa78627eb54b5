import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { payloadOf } from '../functions/aws/step-functions/history-payload.ts';
import type { OpenToken } from '../functions/aws/step-functions/open-token.ts';
import type { Deployment } from '../functions/domain/model/deployment.ts';
import type { StateName } from '../functions/domain/model/states.ts';
import { showSpan, showTime } from '../functions/domain/model/text.ts';
import { describeSize } from '../functions/domain/outcome/leftovers.ts';
import { accept } from '../statemachine/source/blue-green-deployment/accept.ts';
import { build } from '../statemachine/source/blue-green-deployment/build.ts';
import { buildRemoval } from '../statemachine/source/blue-green-deployment/build-removal.ts';
import { close } from '../statemachine/source/blue-green-deployment/close.ts';
import { cut } from '../statemachine/source/blue-green-deployment/cut.ts';
import { cutResume } from '../statemachine/source/blue-green-deployment/cut-resume.ts';
import { hold } from '../statemachine/source/blue-green-deployment/hold.ts';
import { holdPause } from '../statemachine/source/blue-green-deployment/hold-pause.ts';
import { prove } from '../statemachine/source/blue-green-deployment/prove.ts';
import { wayBackAttach } from '../statemachine/source/blue-green-deployment/way-back-attach.ts';
import { wayBackGoBack } from '../statemachine/source/blue-green-deployment/way-back-go-back.ts';
import { wayBackSecure } from '../statemachine/source/blue-green-deployment/way-back-secure.ts';

interface Phase {
  name: string;
  /** By the files in which they are written. */
  states: object;
  /** What comes after it. */
  next: string;
  /** Which side runs beside production. */
  beside?: 'green' | 'blue';
}

const phases: Phase[] = [
  { name: 'Accept', states: accept, next: 'green is built' },
  {
    name: 'Build',
    states: { ...build, ...buildRemoval },
    next: 'people are asked, then the window and green catching up are waited for',
    beside: 'green',
  },
  {
    name: 'Hold',
    states: { ...hold, ...holdPause },
    next: 'everything is read once more, then the cut',
    beside: 'green',
  },
  {
    name: 'Cut',
    states: { ...cut, ...cutResume, ...wayBackSecure },
    next: 'the side that serves is verified and watched',
    beside: 'green',
  },
  {
    name: 'Prove',
    states: { ...prove, ...wayBackAttach, ...wayBackGoBack },
    next: 'the way back is closed, old blue is kept or deleted',
    beside: 'blue',
  },
  { name: 'Close', states: close, next: 'the run ends', beside: 'blue' },
];

const goingBack: Phase = {
  name: 'Going back',
  states: {},
  next: 'the run hears how it ended',
  beside: 'blue',
};

/** How an execution stands, for a person. */
export interface Standing {
  /** A phase of the README, "Going back" for an execution of `roll-back`, or "Ended". */
  phase: string;
  state: string;
  /** When the phase's newest state was entered for the first time in a row: ISO time. */
  since: string;
  /** What the newest looks found, or which groups are asked. */
  waitsFor: string[];
  /** What comes next; null once it has ended. */
  next: string | null;
  /** Databases that run beside production, as last read; null where none is known. */
  costs: string | null;
  /** How it ended; null while it is open. */
  ended: string | null;
}

/** An execution as Step Functions describes it. */
export interface Described {
  executionArn: string;
  status: string;
  error?: string | undefined;
  cause?: string | undefined;
}

/**
 * How an execution stands.
 * @param events its history, oldest first
 * @param tokens its open waits
 */
export function readStanding(
  run: Described,
  events: readonly HistoryEvent[],
  tokens: readonly OpenToken[],
): Standing {
  const entered = events.flatMap(({ stateEnteredEventDetails, timestamp }) =>
    stateEnteredEventDetails?.name
      ? [{ name: stateEnteredEventDetails.name, at: timestamp?.toISOString() ?? '' }]
      : [],
  );
  const steps = entered.filter(({ name }) => !name.endsWith('?'));
  const state = steps.at(-1)?.name ?? 'not begun';
  const before = steps.findLastIndex(({ name }) => name !== state);
  const where = { state, since: steps[before + 1]?.at ?? '' };
  if (run.status !== 'RUNNING')
    return {
      ...where,
      phase: 'Ended',
      waitsFor: [],
      next: null,
      costs: null,
      ended: run.error ?? run.status,
    };
  const phase = phaseOf(
    run.executionArn,
    steps.map(({ name }) => name),
  );
  return {
    ...where,
    phase: phase.name,
    waitsFor: tokens.map(describeWait),
    next: state === paused ? 'somebody resumes or stops it: npm run resume, npm run stop' : phase.next,
    costs: describeCosts(phase, events),
    ended: null,
  };
}

/** Name of the phase of a run that a state belongs to; nothing for one that several have. */
export const phaseOfState = (state: string): string | undefined =>
  phases.find((phase) => state in phase.states)?.name;

/** States inside the Map of an approval are those of the state around it. */
function phaseOf(executionArn: string, states: string[]): Phase {
  if ((executionArn.split(':')[6] ?? '').endsWith('roll-back')) return goingBack;
  const known = states.findLast((state) => phases.some((phase) => state in phase.states));
  return phases.find((phase) => known !== undefined && known in phase.states) ?? (phases[0] as Phase);
}

/** By the deployment that a state was given last. */
function describeCosts({ beside }: Phase, events: readonly HistoryEvent[]): string | null {
  for (const { taskScheduledEventDetails } of events.toReversed()) {
    const deployment = payloadOf(taskScheduledEventDetails?.parameters)?.deployment as
      | Partial<Deployment>
      | undefined;
    const side = beside && deployment?.[beside];
    if (side) return `${beside === 'blue' ? 'old blue' : 'green'}: ${describeSize(side)}`;
  }
  return null;
}

const paused: StateName = 'Wait to be resumed';

function describeWait({ state, group, answer }: OpenToken): string {
  const { because } = (answer ?? {}) as { because?: unknown };
  const approval: StateName = 'Wait for approval';
  if (state === approval) return `an answer of group ${group}`;
  const what = state === paused ? 'a person to resume it' : state.replace(/^Wait for /, '');
  return `${what}: ${typeof because === 'string' ? because : 'the look is under way'}`;
}

/** The same as lines of at most 80 columns, but for ARNs and texts of others. */
export function showStanding(run: Described, standing: Standing, now: number): string[] {
  const { phase, state, since, waitsFor, next, costs, ended } = standing;
  const span = showSpan((now - Date.parse(since)) / 1000);
  return [
    run.executionArn.split(':').at(-1) ?? '',
    `  phase  ${phase}`,
    `  state  ${state}`,
    `  since  ${showTime(since)}, ${span} ago`,
    ...waitsFor.map((what, index) => `${index === 0 ? '  waits  ' : '         '}for ${what}`),
    ...(next === null ? [] : [`  next   ${next}`]),
    ...(costs === null ? [] : [`  costs  ${costs}`]),
    ...(ended === null ? [] : [`  ended  ${ended}`]),
    `  ARN    ${run.executionArn}`,
  ];
}
