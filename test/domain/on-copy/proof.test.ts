import { describe, expect, it } from 'vitest';
import { type CopyFacts, judgeCopy, textOfCopy } from '../../../functions/domain/on-copy/proof.ts';
import { request } from '../sample.ts';

const run = 'arn:aws:states:eu-central-1:111122223333:execution:viridian:copy-1';
const rehearsal = 'arn:aws:states:eu-central-1:111122223333:execution:viridian-rehearsal:r1';
const seal = (text: string) => `sealed ${text}`;
const proof = { rehearsal, resourceId: 'db-COPY' };
const copy = { ...proof, seal: seal(textOfCopy(run, proof)) };

/** A run on a copy that is one; each row takes one proof away. */
const proved: CopyFacts = {
  executionArn: run,
  request: request({ copy }),
  blue: { id: 'viridian-copy-orders-1234', resourceId: 'db-COPY' },
  tags: { 'viridian:copy': rehearsal },
  verifySeal: async (text, given) => given === seal(text),
};

const hook = { arn: 'arn:aws:lambda:eu-central-1:111122223333:function:viridian-hook-a' };
const readers = { hostedZoneId: 'Z1', recordName: 'readers.example.com' };
const record = { kind: 'route53', hostedZoneId: 'Z1', recordName: 'orders.example.com' };

const rows: [what: string, more: Partial<CopyFacts>, says: string][] = [
  ['production by its name', { blue: { ...proved.blue, id: 'orders' } }, 'has not the name of a copy'],
  [
    'another database of that name',
    { blue: { ...proved.blue, resourceId: 'db-PRODUCTION' } },
    'is db-PRODUCTION',
  ],
  ['a database without the tag', { tags: {} }, 'has not the tag'],
  ['the copy of another rehearsal', { tags: { 'viridian:copy': `${rehearsal}2` } }, 'has not the tag'],
  ['a run that another one was sealed for', { executionArn: `${run}2` }, 'its seal is not'],
  ['a seal of nobody', { request: request({ copy: { ...copy, seal: 'a' } }) }, 'its seal is not'],
  [
    'a seal for another database',
    {
      request: request({ copy: { ...copy, resourceId: 'db-X' } }),
      blue: { ...proved.blue, resourceId: 'db-X' },
    },
    'its seal is not',
  ],
  [
    'a record that leads the application',
    { request: request({ copy, wayBack: { endpoint: record } }) },
    'a record would be led away',
  ],
  [
    'a record that leads its readers',
    { request: request({ copy, readRamp: readers }) },
    'readers would be led away',
  ],
  [
    'hooks that stop the application',
    { request: request({ copy, hooks: { stopWrites: hook, resumeWrites: hook } }) },
    'hooks would stop the writes',
  ],
  ...(['stopWrites', 'resumeWrites'] as const).map((name): (typeof rows)[number] => [
    `the hook ${name} alone`,
    { request: { ...request({ copy }), hooks: { [name]: hook } as never } },
    'hooks would stop the writes',
  ]),
  [
    'a hook that leads its consumers',
    { request: request({ copy, hooks: { handOver: hook } }) },
    'lead its consumers away',
  ],
];

describe('a run that says to be on a copy', () => {
  it('is believed with every proof, also where tags were not read again', async () => {
    expect((await judgeCopy(proved)).kind).toBe('ready');
    const { tags: _, ...again } = proved;
    expect((await judgeCopy(again)).kind).toBe('ready');
  });

  it.each(rows)('is refused for %s', async (_, more, says) => {
    const verdict = await judgeCopy({ ...proved, ...more });
    expect(verdict).toMatchObject({ kind: 'no' });
    const { because = '' } = verdict as { because?: string };
    expect(because).toContain(says);
    expect(because.split(';')).toHaveLength(1);
  });

  it('that cannot be verified is no answer', async () => {
    const verifySeal = () => Promise.reject(new Error('KMS is down'));
    await expect(judgeCopy({ ...proved, verifySeal })).rejects.toThrow('KMS is down');
  });

  it('is not asked of a run that does not say so', async () => {
    expect(
      await judgeCopy({ ...proved, request: request(), blue: { id: 'orders', resourceId: 'x' } }),
    ).toEqual({
      kind: 'ready',
      facts: null,
    });
  });
});
