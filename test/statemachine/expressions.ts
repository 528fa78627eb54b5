import jsonata from 'jsonata';

/** Every `{% … %}` in a value, without the brackets. */
export function expressionsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    const text = /^\{%([\s\S]*)%\}$/.exec(value)?.[1];
    return text === undefined ? [] : [text.trim()];
  }
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(expressionsIn) : [];
}

/** Variables that a value's expressions use, without `$`: functions that are called are none, `$states` is none. */
export function variablesIn(value: unknown): Set<string> {
  return new Set(expressionsIn(value).flatMap((text) => [...namesIn(compile(text).ast())]));
}

function namesIn(node: unknown): Set<string> {
  const names = new Set<string>();
  const walk = (one: unknown, called: boolean): void => {
    if (Array.isArray(one)) {
      for (const part of one) {
        walk(part, false);
      }
    } else if (one !== null && typeof one === 'object') {
      const { type, value, procedure, ...parts } = one as Record<string, unknown>;
      if (type === 'variable' && typeof value === 'string' && value !== '' && value !== 'states' && !called) {
        names.add(value);
      }
      walk(procedure, true);
      walk(typeof value === 'object' ? value : undefined, false);
      walk(Object.values(parts), false);
    }
  };
  walk(node, false);
  return names;
}

/** Evaluates what Step Functions would: strings in `{% %}` anywhere in a value. `now` is what `$millis` and `$now` say. */
export async function evaluate(
  value: unknown,
  variables: Record<string, unknown>,
  now = 0,
): Promise<unknown> {
  if (typeof value === 'string') {
    const [text] = expressionsIn(value);
    return text === undefined ? value : evaluateText(text, variables, now);
  }
  if (Array.isArray(value)) {
    return Promise.all(value.map((one) => evaluate(one, variables, now)));
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(async ([key, one]) => [
      key,
      await evaluate(one, variables, now),
    ]);
    return Object.fromEntries(await Promise.all(entries));
  }
  return value;
}

const compiled = new Map<string, jsonata.Expression>();

function compile(text: string): jsonata.Expression {
  const known = compiled.get(text);
  if (known) {
    return known;
  }
  const expression = jsonata(text);
  compiled.set(text, expression);
  return expression;
}

/** Results by expression and by what it looks at: explorations evaluate the same thousands of times. */
const evaluated = new Map<string, unknown>();

async function evaluateText(text: string, variables: Record<string, unknown>, now: number): Promise<unknown> {
  const key = [text, now, ...namesOf(text).map((name) => numberOf(variables[name]))].join('\0');
  if (!evaluated.has(key)) evaluated.set(key, await evaluateAnew(text, variables, now));
  return evaluated.get(key);
}

const looksAt = new Map<string, string[]>();

/** What an expression looks at: its variables, and `$states`. */
function namesOf(text: string): string[] {
  const known = looksAt.get(text) ?? [...variablesIn(`{%${text}%}`), 'states'];
  looksAt.set(text, known);
  return known;
}

const numbers = new Map<string, number>();
const numbered = new WeakMap<object, number>();

/** Equal values have the same number. */
function numberOf(value: unknown): number {
  const isObject = value !== null && typeof value === 'object';
  const known = isObject ? numbered.get(value) : undefined;
  if (known !== undefined) return known;
  const text = JSON.stringify(value) ?? '';
  const number = numbers.get(text) ?? numbers.size;
  numbers.set(text, number);
  if (isObject) numbered.set(value, number);
  return number;
}

async function evaluateAnew(text: string, variables: Record<string, unknown>, now: number): Promise<unknown> {
  const result: unknown = await compile(text).evaluate(undefined, {
    ...variables,
    millis: () => now,
    now: () => new Date(now).toISOString(),
  });
  if (result === undefined) {
    throw new Error(`States.QueryEvaluationError: undefined: ${text}`);
  }
  // A sequence of JSONata is an array with marks of its own; a copy is plain data.
  return JSON.parse(JSON.stringify(result));
}

/** Whether a name, without `$`, is a function of JSONata or of Step Functions, and so cannot be a variable. */
export async function isFunction(name: string): Promise<boolean> {
  const ofTheService = ['partition', 'range', 'hash', 'random', 'uuid', 'parse', 'states'];
  return ofTheService.includes(name) || (await jsonata(`$type($${name})`).evaluate(undefined)) === 'function';
}
