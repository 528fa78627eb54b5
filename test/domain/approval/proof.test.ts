import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  headersOfQuestion,
  nameProof,
  type Proof,
  readProof,
  signedHeaders,
  stsHost,
  writeProof,
} from '../../../functions/domain/approval/proof.ts';

const authorization = (more: object = {}) => {
  const { begin, key, day, region, service, headers, end } = {
    ...{
      begin: 'AWS4-HMAC-SHA256',
      key: 'AKIAEXAMPLE',
      day: '20261121',
      region: 'eu-west-1',
      service: 'sts',
    },
    ...{ headers: 'content-type;host;x-amz-date;x-viridian-act', end: 'a'.repeat(64) },
    ...more,
  };
  return `${begin} Credential=${key}/${day}/${region}/${service}/aws4_request, SignedHeaders=${headers}, Signature=${end}`;
};
const withToken = 'content-type;host;x-amz-date;x-amz-security-token;x-viridian-act';
const proof: Proof = { authorization: authorization(), date: '20261121T080000Z' };
const written = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('the proof of who acts', () => {
  it.each<[string, Proof]>([
    ['of a user', proof],
    ['of a session', { ...proof, authorization: authorization({ headers: withToken }), token: 'IQoJ+/=_-' }],
    [
      'of a client that leaves out blanks',
      { ...proof, authorization: authorization().replaceAll(', ', ',') },
    ],
  ])('is read as it was written: %s', (_what, known) => {
    expect(readProof(writeProof(known))).toEqual(known);
  });

  it.each<[string, string]>([
    ['no JSON', 'x'],
    ['nothing', written(null)],
    ['no authorization', written({ date: proof.date })],
    ['no date', written({ authorization: proof.authorization })],
    ['a date in another form', written({ ...proof, date: '2026-11-21T08:00:00Z' })],
    ['more than a date', written({ ...proof, date: `x${proof.date}` })],
    ['a date with more behind it', written({ ...proof, date: `${proof.date}x` })],
    ['a date that is a list', written({ ...proof, date: [proof.date] })],
    ['an authorization that is a list', written({ ...proof, authorization: [proof.authorization] })],
    ['a token that is no text', written({ ...proof, token: 7 })],
    ['an empty token', written({ ...proof, token: '' })],
    ['a token with a line break', written({ ...proof, token: 'a\nb: c' })],
    ['a token that is too long', written({ ...proof, token: 'x'.repeat(4_097) })],
    ...(
      [
        ['another algorithm', { begin: 'AWS4-X' }],
        ['something before it', { begin: 'x AWS4-HMAC-SHA256' }],
        ['a key that is too short', { key: 'AK' }],
        ['a key of other letters', { key: 'AK/x' }],
        ['a day in another form', { day: '2026-11-21' }],
        ['no Region', { region: '' }],
        ['another service', { service: 'iam' }],
        ['a signature without the digest of the act', { headers: 'content-type;host;x-amz-date' }],
        ['one header more', { headers: 'content-type;host;range;x-amz-date;x-viridian-act' }],
        ['a signature that is too short', { end: 'a'.repeat(63) }],
        ['a signature that is too long', { end: 'a'.repeat(65) }],
        ['a signature of other letters', { end: 'g'.repeat(64) }],
      ] as const
    ).map(([what, more]): [string, string] => [
      what,
      written({ ...proof, authorization: authorization(more) }),
    ]),
  ])('is none: %s', (_what, header) => {
    expect(readProof(header)).toBeUndefined();
  });

  it('names what it starts, once: by its time and the end of its signature', () => {
    const end = `${'a'.repeat(58)}0b1c2d`;
    expect(nameProof({ ...proof, authorization: authorization({ end }) })).toEqual({
      at: Date.parse('2026-11-21T08:00:00Z'),
      digits: '0b1c2d',
    });
  });
});

describe('the question to STS', () => {
  const act = createHash('sha256').update('stop run-1').digest('hex');
  const signed = {
    'content-type': 'application/x-www-form-urlencoded',
    host: 'sts.eu-west-1.amazonaws.com',
    'x-viridian-act': act,
  };
  it.each([
    ['eu-west-1', 'sts.eu-west-1.amazonaws.com'],
    ['cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'sts.us-gov-west-1.amazonaws.com'],
  ])('goes to the STS of %s: %s', (region, host) => {
    expect(stsHost(region)).toBe(host);
  });
  it('is signed with the digest of the act', () => {
    expect(signedHeaders('eu-west-1', 'stop run-1')).toEqual(signed);
  });
  it('has these headers and no others', () => {
    const { authorization, date } = proof;
    const headers = { ...signed, 'x-amz-date': date, authorization };
    expect(headersOfQuestion('eu-west-1', 'stop run-1', proof)).toStrictEqual(headers);
    expect(headersOfQuestion('eu-west-1', 'stop run-1', { ...proof, token: 't' })).toEqual({
      ...headers,
      'x-amz-security-token': 't',
    });
  });
});
