import { sealWith } from '../aws/kms.ts';
import { findOpenToken } from '../aws/step-functions/open-token.ts';
import { answerToken } from '../aws/step-functions/tokens.ts';
import { type Decision, textOfDecision } from '../domain/approval/decision.ts';
import { checkForm, type Excluded, type Form, type Problems } from '../domain/approval/form.ts';
import { type ApprovalRecord, type OpenQuestion, wasShown } from '../domain/approval/question.ts';
import { oneLine } from '../domain/model/text.ts';
import { clock } from '../runtime/clock.ts';
import { env } from '../runtime/env.ts';
import { log } from '../runtime/log.ts';
import type { Access } from './access.ts';
import { judgePhrase, wrongPhrase } from './phrase.ts';
import type { Act, DecideResult } from './protocol.ts';
import { decisionsOfOthers, readAgain, recordedDecision } from './recorded-decision.ts';
import { tryForAWhile } from './retry.ts';
import { findObstacleTo, showQuestion } from './view.ts';

type AnswerAct = Act & { kind: 'answer' };

/** Answers the open question of a group, once. Whoever comes second hears what the first decided. */
export async function answerQuestion(
  access: Access,
  record: ApprovalRecord,
  act: AnswerAct,
): Promise<DecideResult> {
  const shown = showQuestion(access, record);
  if (shown.kind !== 'question' || !record.question) return shown;
  const { goingBack } = record.question;
  const excluded = await findExcluded(record, record.question);
  const problems = checkForm(formOf(access, act), excluded, goingBack?.statement);
  if (!wasShown(record, act.saw))
    problems.answer = 'The facts on your page are not those of this question. Read them again below.';
  if (Object.keys(problems).length > 0) {
    log('approval.refused', { ...describe(access), why: `form: ${Object.keys(problems).join(', ')}` });
    return { ...shown, problems };
  }
  const attempt = createAttempt(access, act, (problem) => ({ ...shown, problems: problem }));
  return (await tryForAWhile(attempt)) ?? { kind: 'later' };
}

async function findExcluded(record: ApprovalRecord, { request, goingBack }: OpenQuestion): Promise<Excluded> {
  const deciders = request.approval.distinctPeople ? await decisionsOfOthers(record) : [];
  const requestedBy = goingBack ? (goingBack.requestedBy ?? undefined) : request.requestedBy;
  return { requestedBy, deciders };
}

/** Whom IAM knows needs to type no name. */
export function formOf(access: Access, act: Exclude<Act, { kind: 'show' }>): Form {
  const answer = act.kind === 'answer' ? act.answer : act.kind;
  const statement = act.kind === 'answer' ? act.statement : undefined;
  return { answer, by: access.by ?? act.by, known: access.by !== undefined, reason: act.reason, statement };
}

/** One attempt: answer the open token, or hear what was recorded meanwhile. The decision is made and sealed once. */
function createAttempt(
  access: Access,
  act: AnswerAct,
  refuse: (problems: Problems) => DecideResult,
): () => Promise<DecideResult | undefined> {
  let made: Decision | undefined;
  return async () => {
    const { executionArn, group } = access;
    const open = await findOpenToken({ executionArn, kind: 'approval', group });
    if (open) {
      const question = open.parameters as unknown as OpenQuestion;
      const obstacle = findObstacleTo(access, question);
      if (obstacle) {
        log('approval.refused', { ...describe(access), why: obstacle });
        return { kind: 'void' };
      }
      const judged = await judgePhrase(access, act.phrase, open.token);
      if (judged.kind === 'closed') return judged;
      if (judged.kind === 'wrong') return refuse(wrongPhrase(judged));
      if (judged.kind === 'right') {
        made ??= await makeDecision(access, question, act);
        if (await send(open.token, made)) return { kind: 'decided', decision: made, yours: true };
      }
    }
    const record = await readAgain(access);
    const decision = await recordedDecision(record);
    if (decision) return { kind: 'decided', decision, yours: decision.seal === made?.seal };
    return record.closed ? { kind: 'void' } : undefined;
  };
}

async function makeDecision(access: Access, question: OpenQuestion, act: AnswerAct): Promise<Decision> {
  const { window, askedAt, deployment, goingBack } = question;
  const now = clock.now();
  const said = {
    decision: act.answer,
    execution: access.executionArn,
    group: access.group,
    by: access.by ?? oneLine(act.by),
    identified: access.identified,
    at: new Date(now).toISOString(),
    askedAt,
    answerBy: window.approveBy,
    tookSeconds: Math.floor((now - Date.parse(askedAt)) / 1000),
    planHash: deployment.planHash ?? '',
    sawDigest: act.saw,
    reason: oneLine(act.reason) || null,
    // What was typed is what was stated, but for spaces: `checkForm`.
    statement: act.answer === 'approve' ? (goingBack?.statement ?? null) : null,
  };
  return { ...said, seal: await sealWith(env('DECISION_KEY_ID'))(textOfDecision(said)) };
}

/** False as well when no answer came: the next look at the history shows whether it was heard. */
async function send(token: string, decision: Decision): Promise<boolean> {
  const call = { execution: decision.execution.split(':').at(-1), group: decision.group };
  try {
    const heard = await answerToken(token, JSON.stringify(decision));
    if (heard)
      log('approval.decided', { ...call, decision: decision.decision, identified: decision.identified });
    return heard;
  } catch (error) {
    log('approval.refused', { ...call, why: 'no answer from AWS', error: (error as Error).name });
    return false;
  }
}

function describe({ executionArn, group }: Access) {
  return { execution: executionArn.split(':').at(-1), group };
}
