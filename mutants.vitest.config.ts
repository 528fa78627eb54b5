import { defineConfig } from 'vitest/config';

/** The tests of the rules alone, which `npm run mutants` plays against each change that it makes to a rule. */
export default defineConfig({ test: { include: ['test/domain/**/*.test.ts'] } });
