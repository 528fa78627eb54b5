import { describe, expect, it } from 'vitest';
import type { Request } from '../../../functions/domain/request/request.ts';
import {
  describeLowering,
  findUnnamedLowering,
  type RunFacts,
  readRunToUndo,
  withComparison,
} from '../../../functions/domain/way-back/roll-back-input.ts';
import { withoutWayBack } from '../../../functions/domain/way-back/state.ts';
import { deployment, request } from '../sample.ts';

const executionArn = 'arn:aws:states:eu-west-1:111122223333:execution:viridian:run-1';
const toUndo = (compare: string) => ({
  request: { wayBack: { compare } } as Request,
  wayBack: withoutWayBack('a sample'),
});

describe('the comparison of an execution that goes back', () => {
  it.each([
    ['checksums', 'none', true],
    ['checksums', 'counts', true],
    ['counts', 'none', true],
    ['checksums', 'checksums', false],
    ['counts', 'checksums', false],
    ['none', 'none', false],
    ['checksums', undefined, false],
  ] as const)('%s -> %s is lowered: %s', (asked, compare, lowered) => {
    const unnamed = findUnnamedLowering(toUndo(asked), { executionArn, compare });
    expect(unnamed !== undefined).toBe(lowered);
    if (lowered) expect(unnamed).toContain('requestedBy: is missing');
    const named = { executionArn, compare, requestedBy: 'Carol\n<https://evil.example|x>' };
    expect(findUnnamedLowering(toUndo(asked), named)).toBeUndefined();
    const described = describeLowering(toUndo(asked), named);
    expect(described.map(({ rule }) => rule)).toEqual(lowered ? ['compare-lowered'] : []);
    for (const { message } of described)
      expect(message).toMatch(/^"Carol \(https\[:\]\/\/evil\[\.\]example\|x\)" lowered/);
  });
});

it('names nobody where the seal names nobody, and what the run says', () => {
  expect(describeLowering(toUndo('checksums'), { executionArn, compare: 'none' })).toEqual([
    {
      rule: 'compare-lowered',
      severity: 'warning',
      message:
        '"somebody" lowered how both sides are compared before going back: none, where the run says checksums',
    },
  ]);
});

describe('the run whose upgrade is undone', () => {
  const wayBack = { ...withoutWayBack(''), possible: true, attached: true };
  const known = { request: request(), deployment: deployment(), wayBack };
  const { green, blue, database, ...bare } = known.deployment;
  const whole: RunFacts = { entered: [{ state: 'Bake' }], known };

  it('is ready with what it knows', () => {
    expect(readRunToUndo('run-1', whole)).toEqual({ kind: 'ready', facts: { run: 'run-1', ...known } });
  });

  const sides = 'its history does not name both sides';
  it.each<[what: string, facts: RunFacts, because: string]>([
    [
      'an execution that goes back',
      { ...whole, entered: [{ state: 'Bake' }, { state: 'Read the run' }] },
      'it is an execution that goes back; give the ARN of the run that it undoes',
    ],
    ['a run without its request', { ...whole, known: { ...known, request: undefined } }, sides],
    ['a run that knows nothing', { ...whole, known: {} }, sides],
    ['a run with its request alone', { ...whole, known: { request: request(), wayBack } }, sides],
    [
      'a run without green',
      { ...whole, known: { ...known, deployment: { ...bare, blue, database } } },
      sides,
    ],
    [
      'a run without blue',
      { ...whole, known: { ...known, deployment: { ...bare, green, database } } },
      sides,
    ],
    [
      'a run without its database',
      { ...whole, known: { ...known, deployment: { ...bare, green, blue } } },
      sides,
    ],
    [
      'a run that has set up no way back',
      { ...whole, known: { ...known, wayBack: withoutWayBack('') } },
      'no way back was attached',
    ],
    [
      'a run that has not come so far',
      { ...whole, known: { request: known.request, deployment: known.deployment } },
      'no way back was attached',
    ],
    [
      'a run whose way back was lost',
      { ...whole, known: { ...known, wayBack: { ...wayBack, lost: 'the slot is gone' } } },
      'the way back was closed: the slot is gone',
    ],
    ...(['Give up the way back', 'Close the broken way back', 'Close the way back'] as const).map(
      (state): [string, RunFacts, string] => [
        `a run that has entered "${state}"`,
        { ...whole, entered: [{ state: 'Bake' }, { state }] },
        'the way back is closed',
      ],
    ),
  ])('is not %s', (_, facts, because) => {
    expect(readRunToUndo('run-1', facts)).toEqual({ kind: 'no', because: `run-1: ${because}` });
  });

  it('compares as the input asks, and otherwise as it was', () => {
    const one = { run: 'run-1', ...known };
    expect(withComparison(one, undefined)).toBe(one);
    expect(withComparison(one, 'none')).toEqual({
      ...one,
      request: { ...one.request, wayBack: { ...one.request.wayBack, compare: 'none' } },
    });
  });
});
