import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import type { GoalRow } from './goal.ts';

/** A row with the command that shows it in full. */
export interface TableRow extends GoalRow {
  command: string;
}

const head = ['goal', 'today', 'baseline of the same run', 'met', 'in full'];

/** As Markdown: what a terminal shows is what the page holds. */
export function writeTable(rows: TableRow[]): string {
  const cells = rows.map(({ goal, figure, baseline, met, command }) => [
    goal,
    figure,
    baseline || '–',
    met ? 'yes' : '**no**',
    `\`${command}\``,
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(head), rule, ...cells.map(line)].join('\n');
}

/** Each goal that is missed, with its reason. */
export function writeReasons(rows: TableRow[]): string {
  const missed = rows.filter(({ met }) => !met);
  if (missed.length === 0) return 'Every goal is met.';
  // On a line of its own: no line of a document has more than 200 characters.
  const sayWhy = ({ goal, because }: TableRow) => `- ${goal}:\n  ${because ?? 'the reason is not known'}.`;
  return ['Missed:', '', ...missed.map(sayWhy)].join('\n');
}

export function describeMachine(cores: number, seconds: number): string {
  const [load = 0] = loadavg();
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, ${cores} cores, load average ${load.toFixed(1)} at the end, ${Math.round(seconds)} s.`;
}

const begin = '<!-- npm run bench -- --write -->';
const end = '<!-- end of npm run bench -->';

/** Puts the text between the two comments of the page. */
export function putInto(page: string, text: string): void {
  const before = readFileSync(page, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no place for the table: ${begin} … ${end}`);
  writeFileSync(page, `${before.slice(0, from + begin.length)}\n\n${text}\n\n${before.slice(to)}`);
}
