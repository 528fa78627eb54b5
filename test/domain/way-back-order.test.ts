import { describe, expect, it } from 'vitest';
import type { Request } from '../../functions/domain/request.ts';
import { findUnnamedLowering, tellLowering } from '../../functions/domain/way-back-flow-order.ts';

const executionArn = 'arn:aws:states:eu-west-1:111122223333:execution:viridian:run-1';
const order = (compare: string) => ({ request: { wayBack: { compare } } as Request });

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
    const unnamed = findUnnamedLowering(order(asked), { executionArn, compare });
    expect(unnamed !== undefined).toBe(lowered);
    if (lowered) expect(unnamed).toContain('requestedBy: is missing');
    const named = { executionArn, compare, requestedBy: 'Carol\n<https://evil.example|x>' };
    expect(findUnnamedLowering(order(asked), named)).toBeUndefined();
    const told = tellLowering(order(asked), named);
    expect(told.map(({ rule }) => rule)).toEqual(lowered ? ['compare-lowered'] : []);
    for (const { message } of told)
      expect(message).toMatch(/^"Carol \(https\[:\]\/\/evil\[\.\]example\|x\)" lowered/);
  });
});
