import { isError } from '../model/failure.ts';
import type { RollBackState } from '../model/states.ts';
import { oneLine } from '../model/text.ts';
import { plainName, recordAddressOf } from '../way-back/address.ts';
import type { OutcomeFacts } from './facts.ts';

/** The states that only read, ask people and mark new production. An execution that fails in one of them has opened, closed and moved nothing. */
const firstStates: readonly string[] = [
  'Read the run',
  'Get the approval of every group',
  'Begin to go back',
] satisfies RollBackState[];

/** Errors of an execution that was refused: by its input, by people, or by nobody's answer. */
const refusals = ['BlueGreen.RequestInvalid', 'BlueGreen.ApprovalDenied'] as const;
const question: RollBackState = 'Get the approval of every group';

export const didNothing = ({ failure }: { failure?: OutcomeFacts['failure'] }): boolean =>
  failure ? firstStates.includes(failure.state) : false;

/** It was refused before it had marked new production. */
export const isRefusal = ({ failure }: { failure?: OutcomeFacts['failure'] }): boolean =>
  failure
    ? didNothing({ failure }) &&
      (failure.state === question || refusals.some((name) => isError(failure.error, name)))
    : false;

/** ARN of the run that is to be undone, as the input of the execution names it; undefined when the input is no ARN. */
export function runOf({ going }: Pick<OutcomeFacts, 'going'>): string | undefined {
  return going?.run?.startsWith('arn:') ? oneLine(going.run, 300) : undefined;
}

const byHand =
  'Do not point the application at old blue by hand: rows that were written since the cut are on new production only';

const untouched = 'Do not open either database by hand while an execution is going back';
const noWayBack =
  'If the reason above is that there is no way back, or that it was closed: none can be made any more. docs/switchover.md describes what is left';

/** What a person does after an execution that left production where it was. */
export function adviseAfterStaying(facts: OutcomeFacts): string[] {
  return didNothing(facts) ? adviseAfterRefusal(facts) : adviseAnotherTry(facts);
}

/** There may be a way back that was asked for in the wrong way, or none. */
function adviseAfterRefusal(facts: OutcomeFacts): string[] {
  return [
    'Nothing is urgent: the application works on new production as before',
    `If the reason above is about the input: correct it, and start roll-back again for ${nameRun(facts)}`,
    noWayBack,
    byHand,
  ];
}

/** What a person does after an execution that has not begun, where nobody has proved which side serves. */
export function adviseRefused(facts: OutcomeFacts): string[] {
  return [
    'If the reason above names another execution that is going back: wait until that execution has ended',
    `If the reason is about the input: correct it as described above, then ${startAgain(facts)}`,
    'If people said no, or nobody answered: production stays where it is, and starting again asks anew',
    noWayBack,
    'If an earlier execution has begun to go back and not ended well: the advice in its message still holds',
    ...nameTheRun(facts),
    untouched,
  ];
}

function adviseAnotherTry(facts: OutcomeFacts): string[] {
  const { failure, going } = facts;
  const remove = isError(failure?.error, 'BlueGreen.StopRequested')
    ? ''
    : 'remove the cause that is named above, then ';
  return [
    'First look whether the application writes again: it could not while going back was tried, and some clients do not connect anew by themselves',
    `To try again: ${remove}start roll-back once more with the same input. It is for ${nameRun(facts)}, which waits for that: its message "Go back or stay?" names the deadline`,
    ...(going?.loss
      ? ['To go back all the same, without the rows that are listed above: the same section has the input']
      : []),
    'To stay: do nothing. Then the run closes the way back and keeps old blue',
    byHand,
  ];
}

/** What a person does where it is not proved which side takes writes. */
export function adviseUnfinished(facts: OutcomeFacts): string[] {
  if (didNothing(facts)) return adviseAfterFailedReading(facts);
  return [
    ...describeRecord(facts),
    'Find out which side takes writes, by resource id and by asking both databases, before anything else',
    'Start roll-back again with the same input: it goes on where this one ended, or opens new production again',
    untouched,
  ];
}

function adviseAfterFailedReading(facts: OutcomeFacts): string[] {
  return [
    ...describeRecord(facts),
    ...nameTheRun(facts),
    `Remove the cause that is named above, then ${startAgain(facts)}`,
    untouched,
  ];
}

/** Where to look for what is wrong with the run that was named, or for its name. */
function nameTheRun(facts: OutcomeFacts): string[] {
  const run = runOf(facts);
  return run
    ? [
        `Look at the run:\naws stepfunctions describe-execution --execution-arn ${run}`,
        'The messages of that run name both databases',
      ]
    : ['The ARN of the run stands at the end of each of its messages'];
}

const startAgain = (facts: OutcomeFacts): string =>
  `start roll-back again: {"executionArn": "${runOf(facts) ?? 'ARN of the run'}"}`;

function describeRecord({ request }: OutcomeFacts): string[] {
  const record = recordAddressOf(request);
  if (!record) return [];
  const { hostedZoneId, recordName } = record;
  return [
    `See where the record leads:\naws route53 list-resource-record-sets --hosted-zone-id ${hostedZoneId} --start-record-name ${plainName(recordName)} --max-items 1`,
  ];
}

const nameRun = (facts: OutcomeFacts): string => {
  const run = runOf(facts);
  return run ? `the run ${run}` : 'the run';
};
