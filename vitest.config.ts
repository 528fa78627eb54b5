import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { makeMemoryFolder } from './test/memory-folder.ts';

// The processes that tests start, a hundred of them, need not compile what the last one has compiled.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'viridian-compiled');

// One more than cores: files that speak to servers wait for a third of their time. Two more gain nothing, and slow down the rehearsals, whose clock goes
// faster than the machine's.
const workers = availableParallelism() + 1;

const memory = process.env.TMPDIR ? undefined : makeMemoryFolder(workers);
if (memory) process.env.TMPDIR = memory;

// What one worker makes and all read (`test/once.ts`).
const shared = mkdtempSync(join(tmpdir(), 'viridian-shared-'));
// Servers run as another user where this runs as root, and have to get through.
chmodSync(shared, 0o711);
process.env.VIRIDIAN_TESTS_SHARED = shared;
// Servers start from copies of an empty data directory that is made once.
process.env.VIRIDIAN_DATA_DIRECTORIES = shared;
process.on('exit', () => rmSync(shared, { recursive: true, force: true }));

/** Each of these sets clock, clients and environment for itself and mocks nothing, so one process serves many: half of the time of a small file is its process. */
const sharing = [
  'test/{approval,events,mails,simulation,statemachine,wire}/*.test.ts',
  'test/domain/**/*.test.ts',
  'packages/local-aws/test/{rds,states}/*.test.ts',
  'test/way-back/!(rehearsed*).test.ts',
];

/** What lasts begins first, so that the last files of all are short ones. */
const longest = [
  '/rehears',
  '/deploy/',
  '/sql/',
  '/local-aws/test/postgres/',
  '/statemachine/paths',
  '/simulation/engines',
  '/simulation/paths',
  '/simulation/',
  '/way-back/',
  '/statemachine/',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ moduleId, project }: TestSpecification): number {
  const place = longest.findIndex((part) => moduleId.includes(part));
  return (project.config.isolate ? 0 : 100) + (place < 0 ? longest.length : place);
}

export default defineConfig({
  test: {
    maxWorkers: workers,
    // They tell what hangs, not what is slow: a busy machine takes several times as long.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Functions name it when they count an unexpected error. Tests with an account of their own set their own.
    env: {
      STATE_MACHINE_ARN:
        'arn:aws:states:eu-west-1:111122223333:stateMachine:viridian-test-blue-green-deployment',
    },
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: ['{test,packages}/**/*.test.ts'], exclude: sharing } },
      { extends: true, test: { name: 'sharing', include: sharing, isolate: false } },
    ],
  },
});
