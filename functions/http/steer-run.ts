import { findOpenTokens, type OpenToken } from '../aws/step-functions/open-token.ts';
import { answerToken, failToken } from '../aws/step-functions/tokens.ts';
import { checkForm, type Problems } from '../domain/approval/form.ts';
import type { ApprovalRecord } from '../domain/approval/question.ts';
import {
  describeSteering,
  findSteeringObstacle,
  readPaused,
  type Steering,
} from '../domain/hold/steering.ts';
import { raisedElsewhere } from '../domain/model/errors.ts';
import { foreignText } from '../domain/model/text.ts';
import { clock } from '../runtime/clock.ts';
import { log } from '../runtime/log.ts';
import type { Access } from './access.ts';
import { formOf } from './answer.ts';
import { judgePhrase, wrongPhrase } from './phrase.ts';
import type { DecideResult, SteerAct } from './protocol.ts';
import { readAgain } from './recorded-decision.ts';
import { tryForAWhile } from './retry.ts';
import { startGoingBack } from './start-execution.ts';
import { showQuestion } from './view.ts';

/** What is asked of a run by ending its wait. Going back is an execution of its own, which the wait hears of. */
type WaitEnding = Exclude<Steering, 'ask-to-go-back'>;

/** How the open wait is ended, and what is answered then. */
const ways = {
  stop: {
    said: 'stopped',
    end: (token, because) => failToken(token, raisedElsewhere.stopRequested, because),
  },
  pause: {
    said: 'paused',
    end: (token, because) => failToken(token, raisedElsewhere.pauseRequested, because),
  },
  resume: {
    said: 'resumed',
    end: (token, because) => answerToken(token, JSON.stringify({ resumed: because })),
  },
} as const satisfies Record<
  WaitEnding,
  { said: string; end: (token: string, because: string) => Promise<boolean> }
>;

/**
 * Stops, pauses or resumes a run by ending its open wait, or starts going back beside it. Where it has none, or one that this is not for: later, or why not.
 */
export async function steerRun(access: Access, record: ApprovalRecord, act: SteerAct): Promise<DecideResult> {
  const shown = showQuestion({ ...access, purposes: ['stop'] }, record);
  // Whom IAM knows may stop a run that has asked nobody yet, or never will.
  const unasked = access.by !== undefined && !record.question && !record.ended;
  if (!unasked && (shown.kind !== 'question' || !record.question)) return shown;
  const refuse = (problems: Problems): DecideResult =>
    shown.kind === 'question' ? { ...shown, problems } : { kind: 'void' };
  const form = formOf(access, act);
  const problems = checkForm(form, { requestedBy: undefined, deciders: [] });
  const call = { execution: access.executionArn.split(':').at(-1), group: access.group };
  if (Object.keys(problems).length > 0) {
    log('approval.refused', { ...call, why: `form: ${Object.keys(problems).join(', ')}` });
    return refuse(problems);
  }
  const by = foreignText(form.by, 200);
  const because = describeSteering(act.kind, by, access.identified, foreignText(act.reason));
  const answer = (await tryForAWhile(() => endWait(access, act, because, refuse))) ?? { kind: 'later' };
  if (answer.kind === 'started' || ('yours' in answer && answer.yours))
    log('approval.decided', { ...call, decision: act.kind, identified: access.identified });
  return answer;
}

async function endWait(
  access: Access,
  { kind, phrase, by }: SteerAct,
  because: string,
  refuse: (problems: Problems) => DecideResult,
): Promise<DecideResult | undefined> {
  const waits = await findOpenTokens(access.executionArn);
  for (const wait of waits.filter((one) => !findSteeringObstacle(kind, one))) {
    const judged = await judgePhrase(access, phrase, wait.token);
    if (judged.kind === 'closed') return judged;
    if (judged.kind === 'wrong') return refuse(wrongPhrase(judged));
    if (judged.kind === 'right' && kind === 'ask-to-go-back')
      return startGoingBack(access.executionArn, foreignText(access.by ?? by, 200));
    if (judged.kind === 'right' && kind !== 'ask-to-go-back' && (await end(kind, wait, because)))
      return { kind: ways[kind].said, because, at: new Date(clock.now()).toISOString(), yours: true };
  }
  const { stop, ended } = await readAgain(access);
  if (stop) return { kind: 'stopped', ...stop, yours: kind === 'stop' && stop.because === because };
  return ended ? { kind: 'void' } : findAnswer(kind, waits, because);
}

/** What the waits that were no use say. A stop waits for one that is; an answer that was lost is found here. */
function findAnswer(kind: Steering, waits: OpenToken[], because: string): DecideResult | undefined {
  const paused = waits.map(readPaused).find((one) => one !== undefined);
  if (kind === 'pause' && paused) return { kind: 'paused', ...paused, yours: paused.because === because };
  const obstacle = kind !== 'stop' && waits.map((one) => findSteeringObstacle(kind, one)).find(Boolean);
  return obstacle ? { kind: 'refused', message: obstacle } : undefined;
}

/** False as well when no answer came: the history shows whether it was heard. */
async function end(kind: WaitEnding, { token }: OpenToken, because: string): Promise<boolean> {
  try {
    return await ways[kind].end(token, because);
  } catch (error) {
    log('approval.refused', { why: 'no answer from AWS', error: (error as Error).name });
    return false;
  }
}
