import { invokeFunction } from '../aws/lambda.ts';
import { proofHeader, readProof } from '../domain/approval/proof.ts';
import { limits } from '../domain/model/limits.ts';
import { env } from '../runtime/env.ts';
import { log } from '../runtime/log.ts';
import { countUnexpected } from '../tasks/unexpected.ts';
import { callerOf, type HttpEvent, headerOf, mediaType, methodOf, readBody } from './http-event.ts';
import type { DecideRequest, DecideResult } from './protocol.ts';
import { type HttpAnswer, json } from './response.ts';
import { readSignedRequest } from './signed-request.ts';

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
 * Decides without a link, behind the IAM authorizer of the HTTP API. It hands on whom the API let through and what the person has signed,
 * and is believed neither: `decide` asks STS who has signed.
 */
export async function handler(event: HttpEvent): Promise<HttpAnswer> {
  const by = callerOf(event);
  if (!by) return refuse(403, 'no caller', 'IAM named no caller');
  if (methodOf(event) !== 'POST' || mediaType(event) !== 'application/json')
    return refuse(415, 'content type', 'send a POST with application/json');
  const body = readBody(event);
  if (!('text' in body) || !readSignedRequest(body.text))
    return refuse(400, 'fields', 'the body is not what npm run approve sends');
  const proof = readProof(headerOf(event, proofHeader));
  if (!proof)
    return refuse(
      403,
      'no proof',
      `the header ${proofHeader} does not say who has signed; use npm run approve`,
    );
  return answer({ via: 'iam', by, text: body.text, proof });
}

async function answer(asked: DecideRequest): Promise<HttpAnswer> {
  try {
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

function refuse(status: number, why: string, message: string): HttpAnswer {
  log('page.refused', { why });
  return json(status, { kind: 'refused', message });
}
