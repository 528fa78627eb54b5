import { describe, expect, it } from 'vitest';
import type { Template } from '../../deploy/package-stack.ts';
import { ofType } from './resources.ts';

/** CloudFormation's own limits are 500 resources and 1 MB (template in S3). What is left above ours is for what nobody plans yet. */
const resourceLimit = 400;
const byteLimit = 800_000;

/** A function is itself, its version, its log group and its role; the fifth is for a permission, a rule or a share of an alarm. */
const resourcesOfFunction = 5;
/** Machine, version, alias and role. */
const resourcesOfMachine = 4;

/** What is planned: 4 + 3 × 5, together 19 resources. */
const planned = {
  'the state machine of fleets, with three functions': resourcesOfMachine + 3 * resourcesOfFunction,
};
const plannedResources = Object.values(planned).reduce((sum, count) => sum + count, 0);

/**
 * Bytes of the plan: three functions at what one costs today, its share of the definitions included, and a definition for the fleet, which
 * goes through fewer states than the shortest of ours.
 */
function plannedBytes(template: Template): number {
  const functions = Object.keys(ofType(template, 'AWS::Lambda::Function')).length;
  const machines = Object.values(ofType(template, 'AWS::StepFunctions::StateMachine')).map(sizeOf);
  const each = Math.ceil(sizeOf(template) / functions);
  return 3 * each + Math.min(...machines);
}

/** As the framework uploads it: JSON without line breaks. */
const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

export function testBudget(read: () => Template): void {
  describe('the size of the stack', () => {
    it('leaves room for what is planned, in resources', () => {
      expect(plannedResources).toBe(19);
      expect(Object.keys(read().Resources).length + plannedResources).toBeLessThanOrEqual(resourceLimit);
    });

    it('leaves room for what is planned, in bytes', () => {
      expect(sizeOf(read()) + plannedBytes(read())).toBeLessThanOrEqual(byteLimit);
    });

    it('has a whole function for the resources that the plan counts', () => {
      const { Resources } = read();
      const ofThePage = Object.keys(Resources).filter((id) => /^ApprovalPage(Lambda|Log|Role)/.test(id));
      expect(ofThePage.length).toBeLessThanOrEqual(resourcesOfFunction);
    });
  });
}
