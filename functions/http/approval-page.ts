import { invokeFunction } from '../aws/lambda.ts';
import { nameOfLink } from '../domain/approval/link.ts';
import { limits } from '../domain/model/limits.ts';
import { clock } from '../runtime/clock.ts';
import { env } from '../runtime/env.ts';
import { log } from '../runtime/log.ts';
import { countUnexpected } from '../tasks/unexpected.ts';
import { codeIn, type HttpEvent, methodOf } from './http-event.ts';
import { readSealed } from './link-seal.ts';
import {
  closedPage,
  decidedPage,
  laterPage,
  refusedPage,
  startedPage,
  steeredPage,
  unreadPage,
  voidPage,
} from './pages.ts';
import type { Act, DecideRequest, DecideResult } from './protocol.ts';
import { questionPage } from './question-page.ts';
import { readPost } from './read-post.ts';
import { type HttpAnswer, page } from './response.ts';

/** A bad link is answered after this time at the earliest, whatever is bad about it. */
const slowestBadLinkMs = 1_000;

/**
 * The public page. GET and HEAD show, POST decides; all it can do is verify the seal of a link and ask the private
 * function `decide`. It has no rights on RDS, histories or tokens.
 */
export async function handler(event: HttpEvent): Promise<HttpAnswer> {
  const method = methodOf(event);
  if (method === 'GET') return answer(codeIn(event), { kind: 'show' });
  if (method === 'HEAD') return { ...(await answer(codeIn(event), { kind: 'show' })), body: '' };
  if (method !== 'POST') {
    log('page.refused', { why: 'method' });
    return page(405, unreadPage, { allow: 'GET, HEAD, POST' });
  }
  const post = readPost(event, new URL(env('PAGE_URL')).origin);
  if ('act' in post) return answer(post.code, post.act);
  log('page.refused', { why: post.why, link: nameOfLink(codeIn(event)) });
  return page(post.status, unreadPage);
}

async function answer(code: string, act: Act): Promise<HttpAnswer> {
  const begun = clock.now();
  const result = await ask(code, act);
  if (result.kind === 'void') {
    log('page.refused', { why: 'link', act: act.kind, link: nameOfLink(code) });
    await clock.sleep(Math.max(0, begun + slowestBadLinkMs - clock.now()));
  }
  return render(result, act);
}

/** What cannot be found out is "later", without a word about why: an error's text could say more than a stranger should know. */
async function ask(code: string, act: Act): Promise<DecideResult> {
  try {
    if (!(await readSealed(code))) return { kind: 'void' };
    const request: DecideRequest = { via: 'link', code, act };
    return (await invokeFunction(env('DECIDE_FUNCTION'), request, limits.answer.decide)) as DecideResult;
  } catch (error) {
    log('page.refused', { why: 'error', error: (error as Error).name, link: nameOfLink(code) });
    countUnexpected(error);
    return { kind: 'later' };
  }
}

function render(result: DecideResult, act: Act): HttpAnswer {
  const posted = act.kind !== 'show';
  switch (result.kind) {
    case 'question': {
      const typed = posted ? { ...act, answer: act.kind === 'answer' ? act.answer : act.kind } : {};
      return page(posted ? 422 : 200, questionPage(result.view, result.problems, typed, clock.now()));
    }
    case 'decided':
      return page(200, decidedPage(result.decision, result.yours ? 'made' : posted ? 'too late' : 'used'));
    case 'stopped':
    case 'paused':
    case 'resumed':
      return page(200, steeredPage(result));
    case 'refused':
      return page(409, refusedPage(result.message));
    case 'started':
      return page(200, startedPage(result.executionArn));
    case 'closed':
      return page(429, closedPage(result.until), retryAfter(result.until));
    case 'later':
      return page(503, laterPage, { 'retry-after': '5' });
    case 'void':
      return page(404, voidPage);
  }
}

function retryAfter(until: string | null): Record<string, string> {
  if (until === null) return {};
  return { 'retry-after': String(Math.max(1, Math.ceil((Date.parse(until) - clock.now()) / 1000))) };
}
