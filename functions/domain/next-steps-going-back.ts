import { plainName, recordAddressOf } from './address.ts';
import type { OutcomeFacts } from './outcome.ts';
import { oneLine } from './plain-text.ts';

/** The state that only reads, and marks new production. An execution that fails in it has opened, closed and moved nothing. */
const firstState = 'Read the run';

export const didNothing = ({ failure }: Pick<OutcomeFacts, 'failure'>): boolean =>
  failure?.state === firstState;

/** ARN of the run that is to be undone, as whoever started the execution gave it. What is none is left to the reason. */
export function runOf({ going }: Pick<OutcomeFacts, 'going'>): string | undefined {
  return going?.run?.startsWith('arn:') ? oneLine(going.run, 300) : undefined;
}

const byHand =
  'Do not point the application at old blue by hand: what was written since the cut is on new production only';

/** What a person does after an execution that left production where it was. */
export function adviseAfterStaying(facts: OutcomeFacts): string[] {
  return didNothing(facts) ? adviseAfterRefusal(facts) : adviseAnotherTry(facts);
}

/** There may be a way back that was asked for in the wrong way, or none. */
function adviseAfterRefusal(facts: OutcomeFacts): string[] {
  return [
    'Nothing is urgent: the application works on new production as before',
    `If the reason above is about the input: correct it, and start roll-back again for ${nameRun(facts)}`,
    'If it says that there is no way back, or that it was closed: none can be made any more. docs/switchover.md says what is left',
    byHand,
  ];
}

function adviseAnotherTry(facts: OutcomeFacts): string[] {
  const { failure, going } = facts;
  const remove =
    failure?.error === 'BlueGreen.StopRequested'
      ? ''
      : 'remove what the reason above says stood in the way, then ';
  return [
    'First look whether the application writes again: it could not while going back was tried, and some clients do not connect anew by themselves',
    `To try again: ${remove}start roll-back once more with the same input. It is for ${nameRun(facts)}, which waits for that: its message "Go back or stay?" says until when`,
    ...(going?.loss
      ? ['To go back all the same, without the rows that are listed above: read there how']
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
    'Do not open either database by hand while an execution is going back',
  ];
}

function adviseAfterFailedReading(facts: OutcomeFacts): string[] {
  const run = runOf(facts);
  const again =
    facts.failure?.error === 'BlueGreen.RequestInvalid'
      ? 'Correct the input as the line above says'
      : 'If the reason names another execution that is going back: let that one end. Otherwise mend what it names';
  return [
    ...describeRecord(facts),
    ...(run ? [`Look at the run first: aws stepfunctions describe-execution --execution-arn ${run}`] : []),
    `${again}, then start roll-back again: {"executionArn": "${run ?? 'ARN of the run'}"}`,
    run
      ? 'The messages of that run name both databases'
      : 'The ARN of the run stands at the end of each of its messages',
    'Do not open either database by hand while an execution is going back',
  ];
}

function describeRecord({ request }: OutcomeFacts): string[] {
  const record = recordAddressOf(request);
  if (!record) return [];
  const { hostedZoneId, recordName } = record;
  return [
    `See where the record leads: aws route53 list-resource-record-sets --hosted-zone-id ${hostedZoneId} --start-record-name ${plainName(recordName)} --max-items 1`,
  ];
}

const nameRun = (facts: OutcomeFacts): string => {
  const run = runOf(facts);
  return run ? `the run ${run}` : 'the run';
};
