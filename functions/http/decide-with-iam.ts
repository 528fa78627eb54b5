import { sealWith } from '../aws/kms.ts';
import { invokeFunction } from '../aws/lambda.ts';
import { textOfCaller } from '../domain/approval/caller.ts';
import { isSteering, type Steering } from '../domain/hold/steering.ts';
import { limits } from '../domain/model/limits.ts';
import { clock } from '../runtime/clock.ts';
import { env } from '../runtime/env.ts';
import { log } from '../runtime/log.ts';
import { countUnexpected } from '../tasks/unexpected.ts';
import { callerOf, type HttpEvent, mediaType, methodOf, readBody } from './http-event.ts';
import type { Act, DecideRequest, DecideResult, StartAct } from './protocol.ts';
import { type HttpAnswer, json } from './response.ts';

/** What `npm run approve` sends. */
export interface SignedRequest {
  /** ARN of the execution. */
  execution: string;
  group: string;
  act:
    | { kind: 'show' }
    | { kind: 'answer'; answer: 'approve' | 'reject'; reason: string; saw: string; statement?: string }
    | { kind: Steering; reason: string }
    | StartAct;
}

const statuses: Record<DecideResult['kind'], number> = {
  question: 200,
  decided: 200,
  stopped: 200,
  paused: 200,
  resumed: 200,
  refused: 409,
  started: 200,
  closed: 429,
  later: 503,
  void: 404,
};

/**
 * Decides without a link, behind the IAM authorizer of the HTTP API: who calls is what AWS says. The caller is sealed, so that
 * `decide` believes this function and no other.
 */
export async function handler(event: HttpEvent): Promise<HttpAnswer> {
  const by = callerOf(event);
  if (!by) return refuse(403, 'no caller', 'IAM named no caller');
  if (methodOf(event) !== 'POST' || mediaType(event) !== 'application/json')
    return refuse(415, 'content type', 'send a POST with application/json');
  const body = readBody(event);
  const request = 'text' in body ? readRequest(body.text) : undefined;
  if (!request) return refuse(400, 'fields', 'the body is not what npm run approve sends');
  const { execution: executionArn, group } = request;
  const caller = { by, executionArn, group, at: clock.now() };
  try {
    const seal = await sealWith(env('LINK_KEY_ID'))(textOfCaller(caller));
    const asked: DecideRequest = { via: 'iam', caller, seal, act: withCaller(request.act, by) };
    const result = (await invokeFunction(
      env('DECIDE_FUNCTION'),
      asked,
      limits.answer.decide,
    )) as DecideResult;
    const wrong = result.kind === 'question' && Object.keys(result.problems).length > 0;
    return json(wrong ? 422 : statuses[result.kind], result);
  } catch (error) {
    countUnexpected(error);
    return refuse(503, `error ${(error as Error).name}`, 'try again in a moment');
  }
}

function withCaller(act: SignedRequest['act'], by: string): Act | StartAct {
  return act.kind === 'answer' || isSteering(act.kind) ? ({ ...act, by } as Act) : (act as Act | StartAct);
}

function readRequest(body: string): SignedRequest | undefined {
  try {
    const { execution, group, act } = (JSON.parse(body) ?? {}) as Partial<SignedRequest>;
    if (typeof execution !== 'string' || typeof group !== 'string' || !isAct(act)) return undefined;
    return { execution, group, act };
  } catch {
    return undefined;
  }
}

function isAct(value: unknown): value is SignedRequest['act'] {
  const { kind, answer, reason, saw, statement, input } = (value ?? {}) as Record<string, unknown>;
  if (kind === 'show') return true;
  if (kind === 'request' || kind === 'go-back')
    return typeof input === 'object' && input !== null && !Array.isArray(input);
  if (typeof reason !== 'string') return false;
  if (typeof kind === 'string' && isSteering(kind)) return true;
  return (
    kind === 'answer' &&
    (answer === 'approve' || answer === 'reject') &&
    typeof saw === 'string' &&
    isStatementLike(statement)
  );
}

const isStatementLike = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && value.length <= 4_000);

function refuse(status: number, why: string, message: string): HttpAnswer {
  log('page.refused', { why });
  return json(status, { kind: 'refused', message });
}
