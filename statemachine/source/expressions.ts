import { longestInput } from '../../functions/domain/request/input-size.ts';

/** A JSONata expression as ASL writes it. It is the whole string: a text that only holds one is no expression. */
export type Expression = `{% ${string} %}`;

/** What a variable or a payload may hold. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

/** An expression of JSONata: x`$request.dryRun`. What stands in `${…}` is text of JSONata, too. */
export function x(texts: TemplateStringsArray, ...parts: string[]): Expression {
  return `{% ${String.raw({ raw: texts }, ...parts)} %}`;
}

/** What CloudFormation puts in. */
export const placeholder = (name: string) => `\${${name}}`;

/** The moment at which a state ends, as ISO text. */
export const now = x`$now()`;

/** A moment in the future, as ISO text. Milliseconds: a number, or the text of an expression. */
export function fromNow(milliseconds: number | string): Expression {
  return x`$fromMillis($millis() + ${String(milliseconds)})`;
}

/** Length of the input as JSON, and whether it is short enough to be carried: text of JSONata. */
export const inputLength = '$length($string($states.input))';
export const inputFits = `${inputLength} <= ${longestInput}`;

export const minutes = (count: number) => count * 60_000;
export const hours = (count: number) => count * 3_600_000;

/** Whether the deadline of a loop is still to come. Every loop of the machines passes this or a counter. */
export const inTime = x`$millis() < $toMillis($deadline)`;
