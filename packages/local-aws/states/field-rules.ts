import { isObject, type Json } from './json.ts';

/** Something wrong in a definition, and the path to it. */
export interface FieldFault {
  path: string;
  what: string;
}

export type Report = (path: string, what: string) => void;
export type Fields = { [key: string]: Json };

const jsonPathFields = [
  'InputPath',
  'OutputPath',
  'ResultPath',
  'Parameters',
  'Result',
  'ResultSelector',
  'ItemsPath',
  'MaxConcurrencyPath',
  'SecondsPath',
  'TimestampPath',
  'TimeoutSecondsPath',
  'HeartbeatSecondsPath',
  'ErrorPath',
  'CausePath',
  'Variable',
];

/** Reports every field that does not belong here. */
export function requireKnown(fields: Fields, known: readonly string[], path: string, report: Report): void {
  for (const field of Object.keys(fields)) {
    if (known.includes(field)) continue;
    const hint = jsonPathFields.includes(field) ? 'belongs to JSONPath' : 'is not known here';
    report(`${path}/${field}`, `The field '${field}' ${hint}`);
  }
}

/** Seconds: the longest time limit of a task or an execution. */
export const longestLimit = 99_999_999;

/** A literal time limit; expressions are checked when they are evaluated. */
export function requireSeconds(value: Json | undefined, path: string, report: Report): void {
  if (value === undefined || typeof value === 'string') return;
  if (!isWhole(value, 1, longestLimit)) report(path, 'A time limit is a whole number of seconds from 1');
}

export function isWhole(value: Json, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** The objects of a list; a list of something else is reported by whoever needs its entries. */
export function objects(list: Json | undefined): Fields[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
