import { describe, expect, it } from 'vitest';
import type { Template } from '../../deploy/package-stack.ts';

/** CloudFormation's own limits are 500 resources and 1 MB (template in S3). What is left above ours is for what nobody plans yet; nothing is planned. */
const resourceLimit = 400;
const byteLimit = 800_000;

/** A function is itself, its version, its log group and its role; the fifth is for a permission, a rule or a share of an alarm. */
const resourcesOfFunction = 5;

/** As the framework uploads it: JSON without line breaks. */
const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

export function testBudget(read: () => Template): void {
  describe('the size of the stack', () => {
    it('stays within its limit, in resources', () => {
      expect(Object.keys(read().Resources).length).toBeLessThanOrEqual(resourceLimit);
    });

    it('stays within its limit, in bytes', () => {
      expect(sizeOf(read())).toBeLessThanOrEqual(byteLimit);
    });

    it('has a whole function for the resources that a plan counts', () => {
      const { Resources } = read();
      const ofThePage = Object.keys(Resources).filter((id) => /^ApprovalPage(Lambda|Log|Role)/.test(id));
      expect(ofThePage.length).toBeLessThanOrEqual(resourcesOfFunction);
    });
  });
}
