import { describe, expect, it } from 'vitest';
import { readRehearseOnCopy } from '../../../functions/domain/on-copy/asked.ts';
import { describeLoad, findLoad } from '../../../functions/domain/on-copy/load.ts';

const rehearsal = 'arn:aws:states:eu-west-1:111122223333:execution:viridian-dev-rehearsal:one';
const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:viridian-hook-load';
const foreign: [what: string, arn: unknown][] = [
  ['another Region', arn.replace('eu-west-1', 'us-east-1')],
  ['another account', arn.replace('111122223333', '444455556666')],
  ['no hook', arn.replace('viridian-hook-', 'other-')],
  ['no text', 1],
];

describe('the load of a rehearsal that another execution cleans up', () => {
  it('is known by its hook and its rehearsal alone', () => {
    expect(findLoad({ rehearseOnCopy: { load: { arn } } }, rehearsal)).toEqual({
      ...{ arn, rehearsal },
      ...{ database: null, resourceId: null, endpoint: null },
    });
  });

  it.each(foreign)('is none where its hook is of %s', (_, one) => {
    expect(findLoad({ rehearseOnCopy: { load: { arn: one } } }, rehearsal)).toBeNull();
  });

  it.each([
    undefined,
    {},
    { rehearseOnCopy: true },
    { rehearseOnCopy: null },
    { rehearseOnCopy: { load: 1 } },
  ])('is none in %j', (input) => expect(findLoad(input, rehearsal)).toBeNull());
});

describe('what is asked of a rehearsal', () => {
  it('is nothing, or a load', () => {
    expect(readRehearseOnCopy({}, rehearsal)).toEqual({ asked: {}, problems: [] });
    const asked = { load: { arn } };
    expect(readRehearseOnCopy(asked, rehearsal)).toEqual({ asked, problems: [] });
  });

  it.each(foreign)('is refused, by its field, where the hook is of %s', (_, one) => {
    const { problems } = readRehearseOnCopy({ load: { arn: one } }, rehearsal);
    expect(problems).toEqual([expect.stringMatching(/^rehearseOnCopy\.load\.arn: /)]);
  });
});

describe('what the load said is told', () => {
  it.each([
    [
      { verdict: 'pass', because: '9 writes', facts: '{"pause":2.9,"by":{"a":1}}' },
      "load: 9 writes; pause 2.9, by {'a':1}",
    ],
    [{ verdict: 'pass', because: '', facts: '{"a":1' }, "load: {'a':1"],
    [{ verdict: 'pass', facts: '7' }, 'load: 7'],
    [{ verdict: 'pass' }, 'load: nothing was said of it'],
    [
      { verdict: 'fail', because: 'a <b> http://x.example' },
      'load: stopping it was answered with no: a (b) http[:]//x[.]example',
    ],
    [{}, 'load: stopping it was answered with no: nothing was said of it'],
    [{ failed: 'Error: gone' }, 'load: it may not have been stopped (Error: gone)'],
  ])('%j as "%s"', (said, told) => expect(describeLoad(said)).toBe(told));

  it('with ten of its facts at most', () => {
    const facts = JSON.stringify(Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`f${at}`, at])));
    expect(describeLoad({ verdict: 'pass', facts })).toMatch(/f9 9$/);
  });
});
