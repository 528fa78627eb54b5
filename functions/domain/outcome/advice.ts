import { warnOfStatistics } from '../build/statistics.ts';
import { advisePromised, advisePutBack } from '../close/put-back.ts';
import { handOverOf, leftBehind } from '../hand-over/hand-over.ts';
import { type EndName, ends } from '../model/ends.ts';
import { isUndecidedBake } from '../model/failure.ts';
import { deploymentPhase } from '../model/phase.ts';
import { isRead } from '../model/reading.ts';
import { plainName, recordAddressOf } from '../way-back/address.ts';
import { mayHoldRows } from '../way-back/taken-in.ts';
import { adviseAfterStaying, adviseRefused, adviseUnfinished, didNothing } from './advice-roll-back.ts';
import type { OutcomeFacts } from './facts.ts';
import type { Leftover } from './leftovers.ts';
import { isHeld } from './severity.ts';

/** What reads a log or a stream of one physical database has to be led to another one. */
const followIds = 'Lead tasks and streams that follow resource ids to production';

type Advice = (facts: OutcomeFacts, leftovers: Leftover[]) => string[];

/** What a person does first, by end. The runbook has the rest. */
const advice: Record<EndName, Advice> = {
  'Dry run passed: nothing was changed': () => ['Start the same request without dryRun when you are ready'],
  'Refused: nothing was changed': () => [
    'Correct the findings that are named above, then start again. Nothing needs to be cleaned up',
  ],
  'Stopped before switchover: blue serves production': (_facts, leftovers) => [
    ...(leftovers.some(({ what }) => what === 'green') ? [removeGreen(leftovers)] : []),
    'Remove the cause that is named above, then start again',
  ],
  'Switchover rolled back: blue serves production': (facts, leftovers) => [
    'Remove the cause (a long transaction, lag, a write on green, DDL)',
    ...(mayHoldRows(facts.early?.takenIn) ? rescueRows(facts, leftovers) : tryAgain(facts, leftovers)),
    'Do not call the switchover by hand beside a new run',
  ],
  'Green serves production': (_facts, leftovers) =>
    leftovers.some(({ what }) => what === 'old blue')
      ? ['Delete old blue, after a final snapshot, when nobody needs it any more', followIds]
      : [followIds],
  'Green serves production, clean-up incomplete': (facts) => [
    ...judgeYourself(facts),
    'If production itself is in trouble: old blue is as it was at the cut; writes since are on new production only',
    'If only the clean-up is open: finish it by hand, checking each resource id: snapshot, wait, delete',
    'On Aurora do not delete the deployment record before old blue is fenced',
  ],
  'Went back: blue serves production': (facts) => [
    ...describeNames(facts),
    'Find out why new production failed before you try again',
    ...(facts.deployment.clone
      ? [
          `Production is ${facts.deployment.clone.resourceId} now: add readers, and lead tasks and streams that follow resource ids to it`,
        ]
      : []),
  ],
  'Went back on a copy: production was not touched': () => [
    'Nothing: the rehearsal that made the copy removes it, and reports what was measured',
  ],
  'Going back refused: nothing was changed': adviseRefused,
  'Did not go back: green serves production': adviseAfterStaying,
  'Going back incomplete: look before any retry': adviseUnfinished,
  'Outcome unknown: look before any retry': () => [
    'Compare the resource id behind the production name with those below',
    'Ask both databases whether they are read-only: exactly one may take writes',
    'If RDS shows SWITCHOVER_IN_PROGRESS: wait. It finishes or rolls back by itself',
    'Start no other run, call no switchover, delete nothing, until that is answered',
  ],
};

const freeWrites =
  'First let the application write again: under "What of ours still stands" is what frees it, and when that is safe';

/** What to do next, in the order of danger. */
export function adviseNext(facts: OutcomeFacts, leftovers: Leftover[]): string[] {
  return [
    ...(isHeld(facts) ? [freeWrites] : []),
    ...advice[facts.end](facts, leftovers),
    ...advisePutBack(facts.deployment.putBack, ends[facts.end].serves),
    ...adviseNotPutBack(facts),
    ...adviseConsumers(facts),
    ...(ends[facts.end].serves === 'unknown' ? describeSides(facts) : []),
    ...adviseStatistics(facts),
  ];
}

/** After the cut a run may end, or fail, before it has looked at what new production lacks. */
function adviseNotPutBack({ end, deployment: { forecast, putBack } }: OutcomeFacts): string[] {
  return ends[end].serves === 'green' && forecast && !putBack ? advisePromised(forecast) : [];
}

function adviseConsumers(facts: OutcomeFacts): string[] {
  const handOver = handOverOf(facts, ends[facts.end].serves);
  const left = handOver ? leftBehind(handOver) : [];
  return left.length === 0
    ? []
    : ['Lead the consumers of changes to production: it is said above from where each goes on'];
}

/** @param facts the statistics are those of a green that serves, or may */
function adviseStatistics({ statistics }: OutcomeFacts): string[] {
  return warnOfStatistics(statistics).length === 0
    ? []
    : ['Run ANALYZE in every database of the former green: it lacks statistics (see the warnings)'];
}

/** An undecided bake leaves the question to a person. */
function judgeYourself({ failure }: OutcomeFacts): string[] {
  if (!isUndecidedBake(failure)) return [];
  return [
    'Judge new production yourself: the bake could not decide whether it is well, which does not mean that it is sick',
  ];
}

function describeSides({ deployment: { blue, green }, failure }: OutcomeFacts): string[] {
  if (didNothing({ failure })) return [];
  return [`Blue is ${blue?.resourceId ?? 'not known'}, green is ${green?.resourceId ?? 'not known'}`];
}

/** By a record production goes back without the names of RDS, which are then not what they seem. */
function describeNames({ request, deployment: { database, blue } }: OutcomeFacts): string[] {
  const record = recordAddressOf(request);
  if (!record || !database || !blue) return [];
  return [
    `${plainName(record.recordName)} leads to ${blue.id} now. RDS's own name ${database.id} is that of the former new production, which stays closed`,
    `Start later runs for ${blue.id}. Delete nothing by the name ${database.id} before you have compared its resource id`,
  ];
}

/** Only a deployment that is AVAILABLE again can be taken up: whether RDS switches one over that has failed is not documented. */
function tryAgain({ endState: { record } }: OutcomeFacts, leftovers: Leftover[]): string[] {
  const left = record && isRead(record) ? record.value : undefined;
  if (!left) return ['Start the same request again; it builds a new green'];
  if (deploymentPhase(left.status) !== 'ready')
    return [
      `The deployment is ${left.status} and cannot be taken up: ${removeGreen(leftovers)}; then start the same request again`,
    ];
  return [
    `Start the same request again with one field more, which takes this green up: "adopt": "${left.id}"`,
    `Or give up: ${removeGreen(leftovers)}`,
  ];
}

/** Green differs from blue, so no run may take it up. */
function rescueRows({ deployment, early }: OutcomeFacts, leftovers: Leftover[]): string[] {
  const slots = (early?.slots ?? []).map(
    ({ database, slot }) => `in database ${database}: SELECT * FROM viridian.changed_tables('${slot}')`,
  );
  return [
    `Keep green (${deployment.green?.resourceId ?? 'not known'}) until the rows that were written there stand in blue, or the owners of the application have given them up`,
    ...(slots.length > 0 ? [`Which tables were written to, green says ${slots.join('; ')}`] : []),
    `Then ${removeGreen(leftovers)}; and start the same request again, without "adopt": this green differs from blue`,
  ];
}

function removeGreen(leftovers: Leftover[]): string {
  const record = leftovers.find(({ what }) => what === 'deployment record');
  return record
    ? `delete ${record.id} together with its green:\naws rds delete-blue-green-deployment --blue-green-deployment-identifier ${record.id} --delete-target`
    : 'delete green by its resource id, when you are sure that it is not production';
}
