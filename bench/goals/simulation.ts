import { isOfTheWire, playSeed } from '../../test/simulation/random-run.ts';
import type { GoalRow } from './goal.ts';

/** Seeds a second and core. */
const goal = 20;
/** One in ten of them is played over the wire. */
const seeds = 200;
/** The first compile what all others use. */
const warming = 100;

/** How many whole deployments that chance puts together one core plays in a second, where calls are handed over and where they go over the wire. */
export async function simulationRows(): Promise<GoalRow[]> {
  process.env.STATE_MACHINE_ARN =
    'arn:aws:states:eu-west-1:111122223333:stateMachine:viridian-test-blue-green-deployment';
  const numbers = Array.from({ length: seeds }, (_, index) => 1 + warming + index);
  await secondsOf(Array.from({ length: warming }, (_, index) => 1 + index));
  const overWire = numbers.filter(isOfTheWire);
  const handed = numbers.filter((seed) => !isOfTheWire(seed));
  const [handing, wiring] = [await secondsOf(handed), await secondsOf(overWire)];
  const rate = handed.length / handing;
  return [
    {
      goal: `whole deployments simulated a second of CPU, calls handed over: ${goal}`,
      figure: `${rate.toFixed(1)}; ${(seeds / (handing + wiring)).toFixed(1)} with the tenth that is played over the wire`,
      baseline: `${(overWire.length / wiring).toFixed(1)} over the wire`,
      met: rate >= goal,
      because:
        'no function of the profile takes more than a tenth: copies of the world, parsing, middy and JSONata share it, and the machine decides',
    },
  ];
}

/** CPU time, which a busy machine does not stretch much. */
async function secondsOf(numbers: number[]): Promise<number> {
  const before = process.cpuUsage();
  for (const seed of numbers) await playSeed(seed);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
