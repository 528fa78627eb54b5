import { databaseFact } from '../domain/approval/evidence.ts';
import type { Problems } from '../domain/approval/form.ts';
import { isForPlan } from '../domain/approval/link.ts';
import {
  type ApprovalRecord,
  lastReading,
  type OpenQuestion,
  sawDigest,
} from '../domain/approval/question.ts';
import { findSteeringObstacle, readPaused, type Steering } from '../domain/hold/steering.ts';
import { quote } from '../domain/model/text.ts';
import { clock } from '../runtime/clock.ts';
import { log } from '../runtime/log.ts';
import type { Access } from './access.ts';
import type { DecideResult, View } from './protocol.ts';

/** The question as it is now, or why there is none: that goes to the log, outside all of it is one answer. */
export function showQuestion(access: Access, record: ApprovalRecord, problems: Problems = {}): DecideResult {
  const obstacle = findObstacle(access, record);
  const { asked, question } = record;
  if (obstacle || !asked || !question) {
    const execution = access.executionArn.split(':').at(-1);
    log('approval.refused', { why: obstacle ?? 'no question', execution, group: access.group });
    return { kind: 'void' };
  }
  return { kind: 'question', problems, view: composeView(access, record, { ...question, asked }) };
}

function findObstacle(access: Access, { closed, ended, question }: ApprovalRecord): string | undefined {
  if (ended) return 'run has ended';
  if (!question) return 'no question';
  if (access.guard && question.request.approval.authenticatedOnly) return 'only identities of IAM may answer';
  return access.purposes.includes('decide') ? findObstacleTo(access, question, closed) : undefined;
}

/** Why this question cannot be answered by this caller now, as far as the question itself says. */
export function findObstacleTo(access: Access, question: OpenQuestion, closed = false): string | undefined {
  if (closed) return 'question is closed';
  if (access.plan !== undefined && !isForPlan({ plan: access.plan }, question.deployment.planHash))
    return 'another plan';
  return clock.now() < Date.parse(question.window.approveBy) ? undefined : 'time is over';
}

type Known = OpenQuestion & { asked: NonNullable<ApprovalRecord['asked']> };

function composeView(access: Access, record: ApprovalRecord, known: Known): View {
  const { asked, deployment, window, askedAt } = known;
  const { newestWait } = record;
  const may = (kind: Steering) => newestWait !== undefined && !findSteeringObstacle(kind, newestWait);
  const [newest] = record.looks;
  const look = lastReading(record);
  return {
    purpose: access.purposes.includes('decide') ? 'decide' : 'stop',
    group: access.group,
    askedAt,
    answerBy: window.approveBy,
    evidence: [databaseFact(deployment.database), ...asked.evidence],
    whenAsked: asked.state,
    whenRead: look?.state ?? [],
    lookedAt: look?.at ?? null,
    unreadable: newest?.because ? quote(newest.because) : null,
    mayPause: may('pause'),
    mayGoBack: may('ask-to-go-back'),
    paused: (newestWait && readPaused(newestWait)) ?? null,
    saw: sawDigest(asked, look),
    ...(known.goingBack && { goingBack: { statement: known.goingBack.statement } }),
  };
}
