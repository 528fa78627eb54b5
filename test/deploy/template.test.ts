import { afterAll, beforeAll, describe } from 'vitest';
import { type PackagedStack, packageStack } from '../../deploy/package-stack.ts';
import { testBudget } from './budget.ts';
import { testDefinitionLint, testLint } from './lint.ts';
import { testMachine } from './machine.ts';
import { everything, testDefaults, testEverything } from './options.ts';
import { testRoles } from './roles.ts';
import { testSafeguards } from './safeguards.ts';

/** Packages twice, as a user would, and looks at what would be deployed. */
describe.each([
  { name: 'with defaults', params: {}, roles: {} as Record<string, string>, testOptions: testDefaults },
  {
    name: 'with everything configured',
    params: everything,
    roles: { SchedulesRole: 'Schedules', StartOnRequestRole: 'StartOnRequest' },
    testOptions: testEverything,
  },
])('the packaged stack $name', ({ params, roles, testOptions }) => {
  let stack: PackagedStack;
  beforeAll(() => {
    stack = packageStack(params);
  }, 300_000);
  afterAll(() => stack?.remove());

  const read = () => stack.template;
  testRoles(read, roles);
  testMachine(read);
  testBudget(read);
  testSafeguards(read);
  testOptions(read);
  testLint(() => stack);
  if (testOptions === testDefaults) testDefinitionLint(() => stack);
});
