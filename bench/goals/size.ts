import { casesOf, compareGrowth, small } from '../size/growth.ts';
import { type Figure, measureSize } from '../size/operations.ts';
import { median } from '../statistics.ts';
import type { GoalRow } from './goal.ts';

/** Of an answer, and so of a payload that holds it. */
const answerGoal = 64 * 1_024;
const holdGoal = 1.3;
/** Asked while writes are held at the cut. */
const holding = ['hold-writes', 'secure', 'release-writes'];
/** Less is noise. Milliseconds. */
const noticed = 20;

const majors = { target: '15', production: '17' };
const cases = casesOf(1_000, 3_000, 20);

/** Every operation beside a small database; more of everything, and PostgreSQL 15 too: `npm run bench:size -- --large`. */
export async function sizeRows(): Promise<GoalRow[]> {
  await measureSize(majors, small);
  const columns: Figure[][] = [];
  for (const size of cases) columns.push(await measureSize(majors, size));
  const [base = [], tables = []] = columns;
  const growths = cases.flatMap((size, index) =>
    compareGrowth(size, columns[index] ?? [], base).map((growth) => ({ ...growth, size })),
  );
  const worst = growths.reduce((most, one) =>
    one.ratio / one.size.times > most.ratio / most.size.times ? one : most,
  );
  const bytes = Math.max(...columns.flat().map((figure) => figure.bytes));
  const { few, many } = await medianHolds([holdOf(base), holdOf(tables)]);
  return [
    {
      goal: 'no operation grows faster than what there is of it',
      figure: `"${worst.operation}" ${worst.ratio.toFixed(1)} times at ${worst.size.name}`,
      baseline: `1 at ${small.tables} tables`,
      met: growths.every(({ isTooMuch }) => !isTooMuch),
      because: `too much are ${growths
        .filter(({ isTooMuch }) => isTooMuch)
        .map(({ operation, size }) => `"${operation}" at ${size.name}`)
        .join(', ')}`,
    },
    {
      goal: 'an answer: 64 KiB',
      figure: `${(bytes / 1_024).toFixed(1)} KiB, the largest`,
      baseline: `${(Math.max(...base.map((figure) => figure.bytes)) / 1_024).toFixed(1)} KiB, small`,
      met: bytes <= answerGoal,
    },
    {
      goal: `SQL of the hold at 1,000 tables: ${holdGoal} of that at 10`,
      figure: `${(many / few).toFixed(2)}, ${Math.round(many)} ms`,
      baseline: `1, ${Math.round(few)} ms`,
      met: many / few <= holdGoal,
      because: 'the tables without identity are looked for in the catalog while writes are held',
    },
  ];
}

/** Of three rounds: some milliseconds of noise are a third of a hold. Milliseconds, at a few tables and at many. */
async function medianHolds(first: [few: number, many: number]): Promise<{ few: number; many: number }> {
  const rounds = [first];
  const large = cases[1] ?? small;
  while (rounds.length < 3)
    rounds.push([holdOf(await measureSize(majors, small)), holdOf(await measureSize(majors, large))]);
  const [few = 0, many = 0] = [0, 1].map((side) => median(rounds.map((round) => round[side] ?? 0)));
  return { few: Math.max(noticed, few), many: Math.max(noticed, many) };
}

const holdOf = (column: Figure[]): number =>
  column.filter(({ operation }) => holding.includes(operation)).reduce((sum, { ms }) => sum + ms, 0);
