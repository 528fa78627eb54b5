import { describe, expect, it } from 'vitest';
import type { Request } from '../../../functions/domain/request/request.ts';
import { describeLowering, findUnnamedLowering } from '../../../functions/domain/way-back/roll-back-input.ts';
import { withoutWayBack } from '../../../functions/domain/way-back/state.ts';

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
