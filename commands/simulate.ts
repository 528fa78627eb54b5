/**
 * Plays runs that chance puts together: `npm run simulate -- --seeds 2000`, or from a seed on: `-- --seeds 1 --from 1234`. A seed that
 * breaks something is told with its story, and gives the same run again.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const usage = 'npm run simulate -- --seeds N [--from SEED]: both are whole numbers from 1 on';

function readNumbers(args: string[]): { seeds: number; from: number } {
  const { values } = parseArgs({
    args,
    options: { seeds: { type: 'string', default: '200' }, from: { type: 'string', default: '1' } },
  });
  const [seeds, from] = [values.seeds, values.from].map(Number);
  if (!isCount(seeds) || !isCount(from)) throw new Error(usage);
  return { seeds, from };
}

const isCount = (value: number | undefined): value is number =>
  value !== undefined && Number.isInteger(value) && value > 0;

function simulate(args: string[]): number {
  const { seeds, from } = readNumbers(args);
  const { status } = spawnSync('npx', ['vitest', 'run', 'test/simulation/random-runs.test.ts'], {
    cwd: resolve(import.meta.dirname, '..'),
    env: { ...process.env, SIMULATED_RUNS: String(seeds), SIMULATED_FROM: String(from) },
    stdio: 'inherit',
  });
  return status ?? 1;
}

if (import.meta.main) {
  try {
    process.exitCode = simulate(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 2;
  }
}
