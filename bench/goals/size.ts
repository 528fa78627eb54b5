import { casesOf, compareGrowth, small } from '../size/growth.ts';
import { type Figure, measureSize } from '../size/operations.ts';
import type { GoalRow } from './goal.ts';

/** Of an answer, and so of a payload that holds it. */
const answerGoal = 64 * 1_024;
const holdGoal = 1.3;
/** Asked while writes are held at the cut. */
const holding = ['hold-writes', 'secure', 'release-writes'];
/** Less is noise. Milliseconds. */
const noticed = 20;

/** Every operation beside a small database; more of everything, and PostgreSQL 15 too: `npm run bench:size -- --large`. */
export async function sizeRows(): Promise<GoalRow[]> {
  const majors = { target: '15', production: '17' };
  await measureSize(majors, small);
  const cases = casesOf(1_000, 3_000, 20);
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
  const held = [base, tables].map((column) => Math.max(noticed, holdOf(column)));
  const ratio = (held[1] ?? Number.NaN) / (held[0] ?? Number.NaN);
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
      figure: `${ratio.toFixed(2)}, ${Math.round(held[1] ?? Number.NaN)} ms`,
      baseline: `1, ${Math.round(held[0] ?? Number.NaN)} ms`,
      met: ratio <= holdGoal,
    },
  ];
}

const holdOf = (column: Figure[]): number =>
  column.filter(({ operation }) => holding.includes(operation)).reduce((sum, { ms }) => sum + ms, 0);
