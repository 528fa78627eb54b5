/**
 * What every operation costs by the size of the schema, `npm run bench:size -- [--small | --large]`: tables, sequences and databases, one of them
 * at a time against a small database, with a target of PostgreSQL 15 and of 17. Each cell has milliseconds, how many times the small
 * database's that is, and the statements sent. Nothing may grow faster than what there is of it; an operation that does ends the bench with 1.
 *
 * All figures are of this machine and of these minutes; compare them within one run only. `--large` has 5,000 tables and 10,000 sequences.
 */

import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Figure, measureSize } from './size-operations.ts';
import type { Size } from './size-stage.ts';

interface Case extends Size {
  name: string;
  /** How many times as much there is as in the small one. */
  times: number;
}

const small: Case = { name: 'small', databases: 1, tables: 10, sequences: 10, times: 1 };

function casesOf(tables: number, sequences: number, databases: number): Case[] {
  return [
    small,
    { ...small, name: `${tables} tables`, tables, times: tables / small.tables },
    { ...small, name: `${sequences} sequences`, sequences, times: sequences / small.sequences },
    { ...small, name: `${databases} databases`, databases, times: databases },
  ];
}

const { values } = parseArgs({
  options: { small: { type: 'boolean', default: false }, large: { type: 'boolean', default: false } },
});
const cases = values.small
  ? casesOf(100, 300, 4)
  : values.large
    ? casesOf(5_000, 10_000, 20)
    : casesOf(1_000, 3_000, 20);

/** Less is noise of a machine that does other things, too: milliseconds, and so many times what it should be. */
const noticed = 50;
const noise = 1.5;

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
  for (const { operation } of base) {
    const figures = columns.map((column) => column.find((figure) => figure.operation === operation));
    const first = Math.max(noticed, figures[0]?.ms ?? 0);
    const cells = figures.map((figure, index) => {
      if (!figure) return '-';
      const ratio = figure.ms / first;
      const isTooMuch = ratio > noise * (cases[index]?.times ?? 1) && figure.ms > 2 * noticed;
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
