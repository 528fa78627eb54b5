import { readApprovalRecord } from '../aws/step-functions/approval-history.ts';
import { nameProof } from '../domain/approval/proof.ts';
import type { ApprovalRecord } from '../domain/approval/question.ts';
import { closedUntil } from '../domain/approval/wrong-phrases.ts';
import { isSteering } from '../domain/hold/steering.ts';
import { actAs } from '../runtime/actor.ts';
import { clock } from '../runtime/clock.ts';
import { log } from '../runtime/log.ts';
import { countUnexpected } from '../tasks/unexpected.ts';
import { type Access, admit, identify, openLink } from './access.ts';
import { answerQuestion } from './answer.ts';
import { closedNow } from './phrase.ts';
import type { Act, DecideRequest, DecideResult } from './protocol.ts';
import { recordedDecision } from './recorded-decision.ts';
import { readSignedRequest } from './signed-request.ts';
import { startFor } from './start-execution.ts';
import { steerRun } from './steer-run.ts';
import { showQuestion } from './view.ts';

/**
 * The private function that decides: the only one that reads the history, answers tokens and seals decisions. It believes
 * no caller: links are sealed, and of a person whom IAM knows STS says who it is. It never throws, because an error's
 * text, which Lambda writes to the log, may hold a token.
 */
export async function handler(event: DecideRequest): Promise<DecideResult> {
  try {
    return event.via === 'link'
      ? await decideFor(await openLink(event.code), event.act)
      : await decideForSigner(event);
  } catch (error) {
    log('approval.refused', { why: 'error', error: error instanceof Error ? error.name : typeof error });
    countUnexpected(error);
    return { kind: 'later' };
  }
}

async function decideForSigner(event: DecideRequest & { via: 'iam' }): Promise<DecideResult> {
  const request = readSignedRequest(event.text);
  const by = request && (await identify(event));
  if (!request || !by) return report('signature', undefined, { kind: 'void' });
  const { act } = request;
  if (act.kind === 'request' || act.kind === 'go-back') return startFor(by, nameProof(event.proof), act);
  return decideFor(admit(by, request), act.kind === 'show' ? act : { ...act, by });
}

async function decideFor(access: Access | undefined, act: Act): Promise<DecideResult> {
  if (!access) return report('seal, expiry or another state machine', undefined, { kind: 'void' });
  const { executionArn } = access;
  return actAs({ function: 'decide', executionArn }, () => serve(access, act));
}

async function serve(access: Access, act: Act): Promise<DecideResult> {
  const record = await readApprovalRecord(access.executionArn, access.group);
  if (!record) return report('no such run', access, { kind: 'void' });
  const settled = await findSettled(access, record, act.kind);
  if (settled) return settled;
  const { guard } = access;
  const closed = guard && closedNow(closedUntil(record.wrongPhrases, guard.link, clock.now()));
  if (closed) return report('closed by wrong phrases', access, closed);
  if (act.kind === 'show') return showQuestion(access, record);
  if (!access.purposes.includes(act.kind === 'answer' ? 'decide' : 'stop'))
    return report('purpose of the link', access, { kind: 'void' });
  return act.kind === 'answer' ? answerQuestion(access, record, act) : steerRun(access, record, act);
}

/** What was recorded before: a link that was used shows it. */
async function findSettled(
  { purposes }: Access,
  record: ApprovalRecord,
  act: Act['kind'],
): Promise<DecideResult | undefined> {
  const aboutStop = isSteering(act) || (act === 'show' && !purposes.includes('decide'));
  if (aboutStop) return record.stop && { kind: 'stopped', ...record.stop, yours: false };
  const decision = await recordedDecision(record);
  return decision && { kind: 'decided', decision, yours: false };
}

function report(why: string, access: Access | undefined, result: DecideResult): DecideResult {
  log('approval.refused', { why, execution: access?.executionArn.split(':').at(-1), group: access?.group });
  return result;
}
