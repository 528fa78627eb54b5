import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handler as approvalPage } from '../../functions/http/approval-page.ts';
import { handler as decideWithIam } from '../../functions/http/decide-with-iam.ts';
import { VirtualClock } from '../../packages/local-aws/virtual-clock.ts';
import { Stage } from './stage.ts';

let clock: VirtualClock;
let stage: Stage;
beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 10, 21, 14));
  stage = new Stage(clock);
});
afterEach(() => stage.close());

const post = (change: object = {}) => ({
  headers: {
    origin: 'https://page.test',
    'content-type': 'application/x-www-form-urlencoded',
  } as unknown,
  requestContext: {
    http: { method: 'POST' },
    authorizer: { iam: { userArn: 'arn:aws:iam::111122223333:user/BOB' } },
  } as unknown,
  rawQueryString: 'AAAA.BBBB' as unknown,
  body: 'answer=approve' as unknown,
  ...change,
});
const form = (post().headers ?? {}) as object;
const json = { ...form, 'content-type': 'application/json' };
const notUtf8 = Buffer.from([0x61, 0xff, 0xfe, 0xc3]).toString('base64');
const large = 'x'.repeat(1_048_576);

const events: [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a list', []],
  ['a text', 'GET /'],
  ['an empty object', {}],
  ['no requestContext', post({ requestContext: undefined })],
  ['requestContext null', post({ requestContext: null })],
  ['requestContext a list', post({ requestContext: [] })],
  ['an authorizer that is null', post({ requestContext: { http: { method: 'POST' }, authorizer: null } })],
  [
    'a caller that is a list',
    post({ requestContext: { http: { method: 'POST' }, authorizer: { iam: { userArn: ['a'] } } } }),
  ],
  ['a method that is a number', post({ requestContext: { http: { method: 7 } } })],
  ['headers null', post({ headers: null })],
  ['headers a list', post({ headers: ['origin'] })],
  [
    'headers whose values are lists',
    post({ headers: { origin: ['https://page.test'], 'content-type': [] } }),
  ],
  ['headers whose values are null', post({ headers: { origin: null, 'content-type': null } })],
  ['a megabyte of a header', post({ headers: { ...form, 'content-type': large, origin: large } })],
  [
    'a megabyte of a parameter of a header',
    post({ headers: { ...json, 'content-type': `application/json;${large}` } }),
  ],
  ['a query null', post({ rawQueryString: null })],
  ['a query that is an object', post({ rawQueryString: { toString: null } })],
  ['a megabyte of a query', post({ rawQueryString: large })],
  ['a body null', post({ body: null })],
  ['a body that is an object', post({ body: {} })],
  ['a body that is not UTF-8', post({ body: notUtf8, isBase64Encoded: true })],
  ['JSON that is not UTF-8', post({ body: notUtf8, isBase64Encoded: true, headers: json })],
  ['JSON null', post({ body: 'null', headers: json })],
  ['JSON that is a list', post({ body: '[]', headers: json })],
  ['JSON with lists for texts', post({ body: '{"execution":["a"],"group":[],"act":[]}', headers: json })],
  ['a megabyte of a body', post({ body: large })],
  ['a megabyte of a body in Base64', post({ body: large, isBase64Encoded: true, headers: json })],
  ['isBase64Encoded that is a text', post({ body: '%%%', isBase64Encoded: 'yes' })],
];

describe.each([
  ['the page', approvalPage],
  ['the route of IAM', decideWithIam],
])('%s', (_name, handler) => {
  it.each(events)('answers %s calmly', (_what, event) =>
    clock.run(async () => {
      const { statusCode, body, headers } = await handler(event);
      expect(statusCode).toBeGreaterThanOrEqual(400);
      expect(statusCode).toBeLessThan(500);
      expect(body.length).toBeLessThan(20_000);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(stage.logs.some((line) => line.includes('UnexpectedError'))).toBe(false);
    }),
  );
});
