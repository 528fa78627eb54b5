/**
 * Plays runs that chance puts together, on all cores:
 * `npm run simulate -- --seeds 2000`, or from a seed on:
 * `-- --seeds 1 --from 1234`. A seed that breaks something is told with its
 * story, and gives the same run again.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
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

/** Seeds that a process is given at once. */
const share = 20;

/** @returns how many of the seeds broke something */
async function simulate(args: string[]): Promise<number> {
  const { seeds, from } = readNumbers(args);
  const shares = Array.from({ length: Math.ceil(seeds / share) }, (_, index) => {
    const first = from + index * share;
    return { first, last: Math.min(first + share, from + seeds) - 1 };
  });
  const players = Array.from({ length: Math.min(availableParallelism(), shares.length) }, () => play(shares));
  const broken = (await Promise.all(players)).reduce((sum, count) => sum + count, 0);
  process.stdout.write(`${seeds - broken} of ${seeds} runs hold every invariant and end truthfully.\n`);
  return broken;
}

/** One process plays share after share, until none is left. @returns how many of its seeds broke something */
async function play(shares: { first: number; last: number }[]): Promise<number> {
  const player = fork(resolve(import.meta.dirname, '../test/simulation/play-seeds.ts'));
  let broken = 0;
  for (let next = shares.shift(); next; next = shares.shift()) {
    player.send(next);
    const told = await hear(player);
    for (const text of told) process.stdout.write(`${text}\n`);
    broken += told.length;
  }
  player.disconnect();
  return broken;
}

/** What a player says of the seeds of its share that broke something. @throws when it ends without a word */
function hear(player: ChildProcess): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`a process that plays seeds ended (${code})`));
    player.once('exit', ended);
    player.once('message', (told) => {
      player.off('exit', ended);
      resolve(told as string[]);
    });
  });
}

if (import.meta.main) {
  try {
    process.exitCode = (await simulate(process.argv.slice(2))) > 0 ? 1 : 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 2;
  }
}
