import jsonata from 'jsonata';
import { serviceFunctions } from './functions.ts';

/** A compiled JSONata expression and what it reads from outside. */
export interface Expression {
  /** Names, without `$`, that are neither bound inside the expression nor functions of the language or the service. */
  readonly variables: ReadonlySet<string>;
  /** Members of `$states` that are named literally: `input`, `result`, … */
  readonly statesMembers: ReadonlySet<string>;
  /** References that have no meaning here, as there is no context at the top level: `name`, `$`, `$$`, `*`. */
  readonly bareReferences: ReadonlySet<string>;
  evaluate(bindings: Record<string, unknown>): Promise<unknown>;
}

type Node = { type?: string; value?: unknown; [key: string]: unknown };

const builtIns = new Set(
  (
    'sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad ' +
    'match contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round ' +
    'abs sqrt power random boolean not map zip filter single reduce sift keys lookup append exists spread merge ' +
    'reverse each error assert type sort shuffle distinct base64encode base64decode encodeUrlComponent encodeUrl ' +
    'decodeUrlComponent decodeUrl eval toMillis fromMillis clone now millis'
  ).split(' '),
);

/** Whether a name, without `$`, is a function of JSONata or of Step Functions and so cannot be a variable. */
export function isFunctionName(name: string): boolean {
  return builtIns.has(name) || Object.hasOwn(serviceFunctions, name);
}

const expressionForm = /^\{%([\s\S]*)%\}$/;

/** The JSONata text of a string that is wholly `{% … %}`; undefined for any other string. */
export function expressionText(text: string): string | undefined {
  return expressionForm.exec(text)?.[1]?.trim();
}

const compiled = new Map<string, Expression>();

/** Compiles a JSONata text (2.0.6). Throws JSONata's own error `{code, message, position}` when it is not one. */
export function compile(text: string): Expression {
  let expression = compiled.get(text);
  if (expression === undefined) {
    expression = build(text);
    compiled.set(text, expression);
  }
  return expression;
}

function build(text: string): Expression {
  const program = jsonata(text);
  for (const [name, { signature, run }] of Object.entries(serviceFunctions)) {
    program.registerFunction(name, run, signature);
  }
  const reading = {
    used: new Set<string>(),
    bound: new Set<string>(),
    members: new Set<string>(),
    bare: new Set<string>(),
  };
  read(program.ast() as Node, false, reading);
  const variables = [...reading.used].filter((name) => !reading.bound.has(name) && !isFunctionName(name));
  return {
    variables: new Set(variables),
    statesMembers: reading.members,
    bareReferences: reading.bare,
    evaluate: (bindings) => program.evaluate(undefined, bindings),
  };
}

interface Reading {
  used: Set<string>;
  bound: Set<string>;
  members: Set<string>;
  bare: Set<string>;
}

/** Walks the syntax tree. `context`: an item is current here, as inside a predicate or behind the first step of a path. */
function read(node: Node, context: boolean, reading: Reading): void {
  const { type, value } = node;
  if (type === 'variable') readVariable(String(value), context, reading);
  else if ((type === 'name' || type === 'wildcard' || type === 'descendant') && !context)
    reading.bare.add(String(value));
  for (const name of [node.focus, node.index]) if (typeof name === 'string') reading.bound.add(name);
  if (type === 'lambda')
    for (const argument of nodes(node.arguments)) reading.bound.add(String(argument.value));
  if (type === 'bind') reading.bound.add(String((node.lhs as Node).value));
  if (type === 'path') readPath(nodes(node.steps), context, reading);
  for (const [key, child] of Object.entries(node)) {
    if ((type === 'path' && key === 'steps') || (type === 'lambda' && key === 'arguments')) continue;
    const inside =
      context || key === 'stages' || key === 'predicate' || key === 'group' || type === 'transform';
    for (const next of nodes(child)) read(next, inside || type === 'sort', reading);
  }
}

function readPath(steps: Node[], context: boolean, reading: Reading): void {
  steps.forEach((step, index) => {
    read(step, context || index > 0, reading);
  });
  const [first, second] = steps;
  if (first?.type === 'variable' && first.value === 'states' && second?.type === 'name') {
    reading.members.add(String(second.value));
  }
}

function readVariable(name: string, context: boolean, reading: Reading): void {
  if (name === '') {
    if (!context) reading.bare.add('$');
  } else if (name === '$') reading.bare.add('$$');
  else reading.used.add(name);
}

/** The syntax nodes in a field, at any depth of arrays. */
function nodes(field: unknown): Node[] {
  if (Array.isArray(field)) return field.flatMap(nodes);
  return typeof field === 'object' && field !== null ? [field as Node] : [];
}
