import { StateError } from './errors.ts';
import { compile, expressionText } from './expression.ts';
import { clockBinding, randomBinding } from './functions.ts';
import { copyJson, type Json } from './json.ts';

/** What expressions of one state can read. */
export interface Surroundings {
  /** `$states`: input, context, and result or errorOutput where there is one. */
  states: Record<string, Json>;
  variables: Record<string, Json>;
  /** Milliseconds since the epoch, for `$now()` and `$millis()`. */
  now: number;
  random: () => number;
}

/** An expression gave an error or nothing. `field` says where it stands: `Output/name`, `Choices[1]/Condition`. */
export class EvaluationError extends StateError {
  readonly field: string;

  constructor(field: string, text: string, what: string) {
    super(
      'States.QueryEvaluationError',
      `The JSONata expression '${text}' specified for the field '${field}' ${what}`,
    );
    this.field = field;
  }
}

/** Parts of a definition without an expression; they are most of it, and every visit of a state asks again. */
const constants = new WeakMap<object, boolean>();

/** Whether a template stands for itself: no string in it is an expression. */
function isConstant(template: Json): boolean {
  if (typeof template === 'string') return expressionText(template) === undefined;
  if (typeof template !== 'object' || template === null) return true;
  const known = constants.get(template);
  if (known !== undefined) return known;
  const constant = Object.values(template).every(isConstant);
  constants.set(template, constant);
  return constant;
}

/** The value of a field: every string that is wholly `{% … %}` is replaced by its result, at any depth. */
export async function evaluate(template: Json, field: string, given: Surroundings): Promise<Json> {
  if (isConstant(template)) return template;
  if (typeof template === 'string') return evaluateText(expressionText(template) ?? '', field, given);
  if (Array.isArray(template)) {
    const items: Json[] = [];
    for (const [index, item] of template.entries())
      items.push(isConstant(item) ? item : await evaluate(item, `${field}[${index}]`, given));
    return items;
  }
  const members: Record<string, Json> = {};
  for (const [key, member] of Object.entries(template as { [key: string]: Json }))
    members[key] = isConstant(member) ? member : await evaluate(member, `${field}/${key}`, given);
  return members;
}

async function evaluateText(text: string, field: string, given: Surroundings): Promise<Json> {
  const expression = compile(text);
  for (const name of expression.variables) {
    if (name !== 'states' && !Object.hasOwn(given.variables, name)) {
      throw new EvaluationError(field, text, `refers to the variable '${name}', which is not assigned.`);
    }
  }
  let result: unknown;
  try {
    result = await expression.evaluate({
      ...given.variables,
      states: given.states,
      eval: undefined,
      [clockBinding]: given.now,
      [randomBinding]: given.random,
    });
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    const detail = code === undefined ? String(message) : `${code}: ${message}`;
    throw new EvaluationError(field, text, `threw an error during evaluation. ${detail}`);
  }
  return plain(result, field, text);
}

/** Results of JSONata carry marks of its own, and functions are no values: only what JSON keeps goes on. */
function plain(result: unknown, field: string, text: string): Json {
  if (result === undefined) throw new EvaluationError(field, text, 'returned nothing (undefined).');
  if (isFunction(result))
    throw new EvaluationError(field, text, 'returned a function, which is no JSON value.');
  return copyJson(result) as Json;
}

function isFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    ('_jsonata_lambda' in value || '_jsonata_function' in value)
  );
}
