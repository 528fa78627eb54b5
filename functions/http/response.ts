import type { Html } from './html.ts';
import { styleHash } from './style.ts';

/** An answer of an HTTP API, payload format 2.0. */
export interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * On every answer of ours. The gateway's own answers (no such route, throttled) have none of them. `same-origin` and not
 * `no-referrer`: without a referrer a browser sends `Origin: null` with the form, which could be anybody's.
 */
const guards = {
  'content-security-policy': `default-src 'none'; style-src ${styleHash}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow, noarchive',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};

/** A page with every guard. */
export function page(statusCode: number, content: Html, extra: Record<string, string> = {}): HttpAnswer {
  return {
    statusCode,
    headers: { ...guards, 'content-type': 'text/html; charset=utf-8', ...extra },
    body: content.text,
  };
}

/** The same guards around JSON, for programs. */
export function json(statusCode: number, value: unknown): HttpAnswer {
  return {
    statusCode,
    headers: { ...guards, 'content-type': 'application/json' },
    body: `${JSON.stringify(value)}\n`,
  };
}
