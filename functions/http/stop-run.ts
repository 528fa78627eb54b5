import { findOpenTokens } from '../aws/step-functions/open-token.ts';
import { failToken } from '../aws/step-functions/tokens.ts';
import { checkForm, type Problems } from '../domain/approval/form.ts';
import type { ApprovalRecord } from '../domain/approval/question.ts';
import { describeStop, isStoppable } from '../domain/hold/stoppable-states.ts';
import { raisedElsewhere } from '../domain/model/errors.ts';
import { foreignText } from '../domain/model/text.ts';
import { clock } from '../runtime/clock.ts';
import { log } from '../runtime/log.ts';
import type { Access } from './access.ts';
import { formOf } from './answer.ts';
import { judgePhrase, wrongPhrase } from './phrase.ts';
import type { Act, DecideResult } from './protocol.ts';
import { readAgain } from './recorded-decision.ts';
import { tryForAWhile } from './retry.ts';
import { showQuestion } from './view.ts';

/** Fails the open token of a wait that may be stopped. Where none is open, or the cut is under way: later. */
export async function stopRun(
  access: Access,
  record: ApprovalRecord,
  act: Act & { kind: 'stop' },
): Promise<DecideResult> {
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
  const because = describeStop(foreignText(form.by, 200), access.identified, foreignText(act.reason));
  const stopped = await tryForAWhile(() => failOpenToken(access, act.phrase, because, refuse));
  if (stopped?.kind === 'stopped' && stopped.yours)
    log('approval.decided', { ...call, decision: 'stop', identified: access.identified });
  return stopped ?? { kind: 'later' };
}

async function failOpenToken(
  access: Access,
  phrase: string | undefined,
  because: string,
  refuse: (problems: Problems) => DecideResult,
): Promise<DecideResult | undefined> {
  for (const { token, state } of await findOpenTokens(access.executionArn)) {
    if (!isStoppable(state)) continue;
    const judged = await judgePhrase(access, phrase, token);
    if (judged.kind === 'closed') return judged;
    if (judged.kind === 'wrong') return refuse(wrongPhrase(judged));
    if (judged.kind === 'right' && (await fail(token, because)))
      return { kind: 'stopped', because, at: new Date(clock.now()).toISOString(), yours: true };
  }
  const { stop, ended } = await readAgain(access);
  if (stop) return { kind: 'stopped', ...stop, yours: stop.because === because };
  return ended ? { kind: 'void' } : undefined;
}

/** False as well when no answer came: the history shows whether it was heard. */
async function fail(token: string, because: string): Promise<boolean> {
  try {
    return await failToken(token, raisedElsewhere.stopRequested, because);
  } catch (error) {
    log('approval.refused', { why: 'no answer from AWS', error: (error as Error).name });
    return false;
  }
}
