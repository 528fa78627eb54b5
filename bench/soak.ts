/**
 * Goes there and back again and again, `npm run soak [-- --rounds 50] [--engine mariadb]`: whole runs of the deployed workflow on one blue server under live
 * writers, each with a green server of its own. Ends at the first round in which something is not as it should be.
 */

import { parseArgs } from 'node:util';
import { onStopSignal } from '../rehearsal/stop-signal.ts';
import { openSoak } from './soak-stage.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '50' }, engine: { type: 'string', default: 'postgres' } },
});
const rounds = Number(values.rounds);
if (!['postgres', 'mariadb', 'mysql'].includes(values.engine))
  throw new RangeError('--engine: give postgres, mariadb or mysql; rounds clean up instances, not clusters');
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError('--rounds: give a whole number from 1');

const stop = onStopSignal((signal) => console.log(`${signal}: stopping every server`));
const startedAt = Date.now();
const minutes = () => ((Date.now() - startedAt) / 60_000).toFixed(1);

const soak = await openSoak(values.engine, stop.track);
let acknowledged = 0;
let problems: string[] = [];
let round = 0;
while (round < rounds && problems.length === 0) {
  round += 1;
  const found = await soak.goThereAndBack();
  acknowledged += found.acknowledged;
  problems = found.problems;
  console.log(
    `round ${round} of ${rounds}, ${minutes()} min: ${found.acknowledged} acknowledged, ${problems.join('; ') || 'all found once, both sides equal, nothing left'}`,
  );
}
await soak.dispose();
const verdict =
  problems.length === 0
    ? `0 lost, 0 doubled, ${values.engine === 'postgres' ? '0 client errors, ' : ''}checksums equal, nothing left`
    : `ended by round ${round}: ${problems.join('; ')}`;
console.log(`${round} rounds, ${acknowledged} rows acknowledged: ${verdict}; ${minutes()} min`);
process.exit(problems.length === 0 ? 0 : 1);
