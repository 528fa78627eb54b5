import { describe, expect, it } from 'vitest';
import { firstNames } from '../../../functions/domain/model/first-names.ts';
import { findSizeProblem, longestInput } from '../../../functions/domain/request/input-size.ts';
import { usualMetrics } from '../../../functions/domain/request/metric.ts';
import { requestSchema } from '../../../functions/domain/request/request.ts';
import { findInputProblems } from '../../../functions/domain/way-back/roll-back-input.ts';

const text = (length: number) => 'x'.repeat(length);

describe('the size of an input', () => {
  it.each<[string, unknown, number, string | null, string | undefined]>([
    ['a short one', { ticket: 'T-1' }, 0, null, undefined],
    ['one that just fits', { a: text(longestInput - 8) }, 0, null, undefined],
    ['one that just does not', { a: text(longestInput - 7) }, 0, null, 'a'],
    ['a long name of a field', { ['y'.repeat(99)]: text(50_000) }, 0, null, 'y'.repeat(64)],
    ['nothing, of which it is known that it was long', undefined, 150_000, null, 'the request'],
    ['a long field', { database: 'orders', ticket: text(50_000) }, 0, null, 'ticket'],
    ['long in bytes only', { ticket: '漢'.repeat(20_000) }, 0, null, 'ticket'],
    ['one that was not given itself', { database: 'orders' }, 150_000, 'bake', 'bake'],
    ['a text', text(50_000), 0, null, '0'],
    ['nothing', undefined, 0, null, undefined],
  ])('%s', (_what, input, characters, longest, field) => {
    const problem = findSizeProblem(input, characters, longest);
    expect(problem?.split(':')[0]).toBe(field);
    if (problem) expect(problem).toContain(`give at most ${longestInput} in all`);
  });

  it('leaves room for the longest request that the schema takes', () => {
    const arn = `arn:aws:lambda:eu-central-1:111122223333:function:viridian-hook-${text(50)}:${text(128)}`;
    const hook = { arn, callback: true, withinMinutes: 60 };
    const hooks = ['changeGreen', 'testGreen', 'stopWrites', 'resumeWrites', 'verifyProduction'];
    const request = {
      database: text(63),
      target: { engineVersion: text(64), parameterGroup: text(255), clusterParameterGroup: text(255) },
      tests: { allowDifferences: Array.from({ length: 20 }, () => text(64)) },
      approval: { groups: Array.from({ length: 10 }, (_, n) => ({ name: `${text(39)}${n}` })) },
      bake: {
        alarms: Array.from({ length: 100 }, () => text(255)),
        metrics: Array.from({ length: 10 }, (_, n) => ({ ...usualMetrics[0], name: `${text(99)}${n}` })),
      },
      wayBack: {
        login: { secret: `arn:aws:secretsmanager:eu-central-1:111122223333:secret:viridian-${text(500)}` },
        applicationRoles: Array.from({ length: 50 }, () => text(63)),
        endpoint: {
          kind: 'route53',
          hostedZoneId: `Z${text(10).toUpperCase()}`,
          recordName: `${text(60)}.example.com`,
        },
      },
      hooks: Object.fromEntries(hooks.map((name) => [name, hook])),
      ticket: text(200),
      requestedBy: text(200),
    };
    expect(requestSchema.safeParse(request).error?.issues ?? []).toEqual([]);
    expect(findSizeProblem(request, 0, null)).toBeUndefined();
  });

  it('of going back is told, too', () => {
    expect(findInputProblems(150_000)).toEqual([
      expect.stringContaining('the input: is 150000 characters long'),
    ]);
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`f${n}`, 0]));
    expect(findInputProblems(many).join('; ').length).toBeLessThan(2_000);
  });
});

it.each([
  [[], []],
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  [
    ['a', 'b', 'c', 'd'],
    ['a', 'b', 'and 2 more'],
  ],
  [
    ['a', 'b', 'and 7 more'],
    ['a', 'b', 'and 7 more'],
  ],
  [
    ['a', 'b', 'c', 'and 7 more'],
    ['a', 'b', 'and 8 more'],
  ],
])('of %j tells %j', (names, told) => {
  expect(firstNames(names, 2)).toEqual(told);
  expect(firstNames(told, 2)).toEqual(told);
});
