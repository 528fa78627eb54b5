import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { OpenToken } from '../functions/aws/step-functions/open-token.ts';
import type { StateName } from '../functions/domain/model/states.ts';
import { showSpan, showTime } from '../functions/domain/model/text.ts';
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

/** The states of each phase, by the files in which they are written. */
const phases: [phase: string, states: object][] = [
  ['Accept', accept],
  ['Build', { ...build, ...buildRemoval }],
  ['Hold', { ...hold, ...holdPause }],
  ['Cut', { ...cut, ...cutResume, ...wayBackSecure }],
  ['Prove', { ...prove, ...wayBackAttach, ...wayBackGoBack }],
  ['Close', close],
];

/** How an execution stands, for a person. */
export interface Standing {
  /** A phase of the README, "Going back" for an execution of `roll-back`, or "Ended". */
  phase: string;
  state: string;
  /** When the phase's newest state was entered for the first time in a row: ISO time. */
  since: string;
  /** What the newest looks found, or which groups are asked. */
  waitsFor: string[];
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
  const open = run.status === 'RUNNING';
  return {
    phase: open
      ? phaseOf(
          run.executionArn,
          steps.map(({ name }) => name),
        )
      : 'Ended',
    state,
    since: steps[before + 1]?.at ?? '',
    waitsFor: open ? tokens.map(describeWait) : [],
    ended: open ? null : (run.error ?? run.status),
  };
}

/** States inside the Map of an approval are those of the state around it. */
function phaseOf(executionArn: string, states: string[]): string {
  if ((executionArn.split(':')[6] ?? '').endsWith('roll-back')) return 'Going back';
  const known = states.findLast((state) => phases.some(([, own]) => state in own));
  return phases.find(([, own]) => known !== undefined && known in own)?.[0] ?? 'Accept';
}

function describeWait({ state, group, answer }: OpenToken): string {
  const { because } = (answer ?? {}) as { because?: unknown };
  const [approval, pause]: StateName[] = ['Wait for approval', 'Wait to be resumed'];
  if (state === approval) return `an answer of group ${group}`;
  const what = state === pause ? 'a person to resume it' : state.replace(/^Wait for /, '');
  return `${what}: ${typeof because === 'string' ? because : 'the look is under way'}`;
}

/** The same as lines of at most 80 columns, but for ARNs and texts of others. */
export function showStanding(run: Described, standing: Standing, now: number): string[] {
  const { phase, state, since, waitsFor, ended } = standing;
  const span = showSpan((now - Date.parse(since)) / 1000);
  return [
    run.executionArn.split(':').at(-1) ?? '',
    `  phase  ${phase}`,
    `  state  ${state}`,
    `  since  ${showTime(since)}, ${span} ago`,
    ...waitsFor.map((what, index) => `${index === 0 ? '  waits  ' : '         '}for ${what}`),
    ...(ended === null ? [] : [`  ended  ${ended}`]),
    `  ARN    ${run.executionArn}`,
  ];
}
