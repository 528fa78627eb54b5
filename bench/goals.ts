/**
 * Every goal beside today's figure and a baseline of the same run, in one table: `npm run bench -- [--only hold,waiting] [--write]`. It takes up to ten
 * minutes; each line names the command that shows it in full. Figures of real servers and of processes are of this machine and of these minutes; the others are of virtual time. `--write`
 * puts the table into docs/performance.md. Goals that are missed do not fail it: the table has their reasons.
 */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measures } from './goals/list.ts';
import { runMeasure } from './goals/run.ts';
import { describeMachine, putInto, type TableRow, writeReasons, writeTable } from './goals/table.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, write: { type: 'boolean', default: false } },
});
const names = values.only?.split(',') ?? Object.keys(measures);
const begun = performance.now();
const rows: TableRow[] = [];
for (const name of names) {
  const measure = measures[name];
  if (!measure) throw new RangeError(`--only: give some of ${Object.keys(measures).join(',')}`);
  console.error(`${name} …`);
  const found = await runMeasure(name, measure);
  rows.push(...found.map((row) => ({ ...row, command: `npm run ${measure.command}` })));
}
const text = [
  writeTable(rows),
  '',
  describeMachine(availableParallelism(), (performance.now() - begun) / 1_000),
  '',
  writeReasons(rows),
].join('\n');
console.log(text);
if (values.write) putInto(resolve(import.meta.dirname, '../docs/performance.md'), text);
