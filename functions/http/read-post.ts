import { isSteering } from '../domain/hold/steering.ts';
import { codeIn, type HttpEvent, headerOf, mediaType, readBody } from './http-event.ts';
import type { Act } from './protocol.ts';

/** Why a POST was not read: the word for the log and the status for the sender. None of it depends on the link. */
export interface Unread {
  why: 'content type' | 'size' | 'encoding' | 'origin' | 'fields';
  status: 400 | 403 | 413 | 415;
}

export type Post = { code: string; act: Exclude<Act, { kind: 'show' }> };

const fields = ['answer', 'name', 'phrase', 'reason', 'saw', 'statement'];
const longestField = 1_000;
const longestStatement = 4_000;

/**
 * Reads the form of the page. Only a form of our own page is read: a browser names the origin of every form that it posts,
 * and each of our fields comes at most once, with nothing beside it.
 * @param origin scheme and host of the page
 */
export function readPost(event: HttpEvent, origin: string): Post | Unread {
  if (mediaType(event) !== 'application/x-www-form-urlencoded') return { why: 'content type', status: 415 };
  const site = headerOf(event, 'sec-fetch-site');
  if (headerOf(event, 'origin') !== origin || (site !== '' && site !== 'same-origin'))
    return { why: 'origin', status: 403 };
  const body = readBody(event);
  if ('why' in body) return { why: body.why, status: body.why === 'size' ? 413 : 400 };
  const form = new URLSearchParams(body.text);
  const names = [...form.keys()];
  const odd = names.some((name) => !fields.includes(name)) || new Set(names).size !== names.length;
  if (odd || [...form].some(([name, value]) => value.length > longestOf(name)))
    return { why: 'fields', status: 400 };
  const act = readAct(Object.fromEntries(form));
  return act ? { code: codeIn(event), act } : { why: 'fields', status: 400 };
}

const longestOf = (name: string): number => (name === 'statement' ? longestStatement : longestField);

function readAct(form: Record<string, string>): Post['act'] | undefined {
  const { answer, phrase = '', name: by = '', reason = '', saw = '', statement } = form;
  if (answer && isSteering(answer)) return { kind: answer, phrase, by, reason };
  if (answer === 'approve' || answer === 'reject')
    return { kind: 'answer', answer, phrase, by, reason, saw, ...(statement && { statement }) };
  return undefined;
}
