import type { Figure } from './operations.ts';
import type { Size } from './stage.ts';

/** A schema beside the small one. */
export interface Case extends Size {
  name: string;
  /** How many times as much there is as in the small one. */
  times: number;
}

export const small: Case = { name: 'small', databases: 1, tables: 10, sequences: 10, times: 1 };

/** One of them at a time against the small one. */
export function casesOf(tables: number, sequences: number, databases: number): Case[] {
  return [
    small,
    { ...small, name: `${tables} tables`, tables, times: tables / small.tables },
    { ...small, name: `${sequences} sequences`, sequences, times: sequences / small.sequences },
    { ...small, name: `${databases} databases`, databases, times: databases },
  ];
}

/** Less is noise of a machine that does other things, too: milliseconds, and so many times what it should be. */
const noticed = 50;
const noise = 1.5;

/** How an operation grew beside the small database. */
export interface Growth {
  operation: string;
  figure: Figure;
  /** Of the small database's time, of which less than 50 ms counts as 50. */
  ratio: number;
  /** It grew faster than what there is. */
  isTooMuch: boolean;
}

/** @param column of {@link size}. @param base of the small database */
export function compareGrowth(size: Case, column: Figure[], base: Figure[]): Growth[] {
  return column.map((figure) => {
    const first = Math.max(noticed, base.find(({ operation }) => operation === figure.operation)?.ms ?? 0);
    const ratio = figure.ms / first;
    const isTooMuch = ratio > noise * size.times && figure.ms > 2 * noticed;
    return { operation: figure.operation, figure, ratio, isTooMuch };
  });
}
