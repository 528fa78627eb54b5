/**
 * What every operation costs by the size of the schema, `npm run bench:size -- [--small | --large]`: tables, sequences and databases, one of them
 * at a time against a small database, with a target of PostgreSQL 15 and of 17. Each cell has milliseconds, how many times the small
 * database's that is, and the statements sent. Nothing may grow faster than what there is of it; an operation that does ends the bench with 1.
 *
 * All figures are of this machine and of these minutes; compare them within one run only. `--large` has 5,000 tables and 10,000 sequences.
 */

import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { casesOf, compareGrowth, small } from './size/growth.ts';
import { type Figure, measureSize } from './size/operations.ts';

const { values } = parseArgs({
  options: { small: { type: 'boolean', default: false }, large: { type: 'boolean', default: false } },
});
const cases = values.small
  ? casesOf(100, 300, 4)
  : values.large
    ? casesOf(5_000, 10_000, 20)
    : casesOf(1_000, 3_000, 20);

let grown = 0;
for (const target of ['15', '17']) {
  // The first pass compiles what all others use.
  await measureSize({ target, production: '17' }, small);
  const columns: Figure[][] = [];
  for (const size of cases) columns.push(await measureSize({ target, production: '17' }, size));
  print(target, columns);
}
process.exit(grown === 0 ? 0 : 1);

function print(target: string, columns: Figure[][]): void {
  const load = loadavg().map((one) => one.toFixed(1));
  console.log(`\nPostgreSQL ${target} as the target of 17, load average ${load.join(' ')}`);
  console.log(
    row(
      '',
      cases.map(({ name }) => name),
    ),
  );
  const [base = []] = columns;
  const growths = columns.map((column, index) => compareGrowth(cases[index] ?? small, column, base));
  for (const { operation } of base) {
    const cells = growths.map((growth) => {
      const found = growth.find((one) => one.operation === operation);
      if (!found) return '-';
      const { figure, ratio, isTooMuch } = found;
      if (isTooMuch) grown += 1;
      return `${figure.ms.toFixed(0)} x${ratio.toFixed(1)}${isTooMuch ? '!' : ''} ${figure.statements} st`;
    });
    console.log(row(operation, cells));
  }
  const bytes = columns.map((column) => Math.max(...column.map((figure) => figure.bytes)));
  console.log(
    row(
      'largest answer',
      bytes.map((size) => `${(size / 1_024).toFixed(1)} KiB`),
    ),
  );
}

function row(name: string, cells: string[]): string {
  return `${name.padEnd(22)}${cells.map((cell) => cell.padStart(24)).join('')}`;
}
