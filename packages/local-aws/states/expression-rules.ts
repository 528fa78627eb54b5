import { compile, expressionText } from './expression.ts';
import type { FieldFault } from './field-rules.ts';
import { isObject, type Json } from './json.ts';

/** Fields whose strings are never evaluated. */
const literal = new Set([
  'Comment',
  'Type',
  'QueryLanguage',
  'Resource',
  'Next',
  'Default',
  'StartAt',
  'ErrorEquals',
  'JitterStrategy',
]);

const always = ['input', 'context'];
const withResult = new Set(['Task', 'Parallel', 'Map']);

/** The members of `$states` that exist in a field: `result` and `errorOutput` come and go ("Reserved variable: $states"). */
interface Place {
  /** Type of the state around. */
  type: string;
  catching: boolean;
  /** The field of the state or of the catcher. */
  field: string;
}

/** Checks every `{% … %}`: it must compile, and read nothing that does not exist where it stands. */
export function findExpressionFaults(definition: Json): FieldFault[] {
  const faults: FieldFault[] = [];
  walk(definition, '', { type: '', catching: false, field: '' }, faults);
  return faults;
}

function walk(value: Json, path: string, place: Place, faults: FieldFault[]): void {
  if (typeof value === 'string') checkText(value, path, place, faults);
  else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      walk(item, `${path}[${index}]`, place, faults);
    });
  } else if (isObject(value)) walkObject(value, path, place, faults);
}

/** Fields of the language are told from an author's own keys by where they stand: those stand inside templates. */
function walkObject(value: { [key: string]: Json }, path: string, place: Place, faults: FieldFault[]): void {
  const template = ['Arguments', 'Output', 'Assign', 'Items', 'ItemSelector'].includes(place.field);
  const around =
    !template && typeof value.Type === 'string' ? { ...place, type: value.Type, catching: false } : place;
  for (const [key, member] of Object.entries(value)) {
    const at = `${path}/${key}`;
    if (template) walk(member, at, around, faults);
    else if (key === 'States' && isObject(member)) {
      for (const [name, state] of Object.entries(member))
        walk(state, `${at}/${name}`, { ...place, field: '' }, faults);
    } else if (!literal.has(key)) {
      walk(member, at, { ...around, field: key, catching: around.catching || key === 'Catch' }, faults);
    }
  }
}

function checkText(value: string, path: string, place: Place, faults: FieldFault[]): void {
  const text = expressionText(value);
  if (text === undefined) {
    if (value.startsWith('{%') || value.endsWith('%}')) {
      faults.push({ path, what: 'An expression must be the whole string, from {% to %}' });
    } else if (place.field === 'Condition') faults.push({ path, what: 'A Condition must be an expression' });
    return;
  }
  try {
    const { bareReferences, statesMembers } = compile(text);
    for (const name of bareReferences) {
      faults.push({
        path,
        what: `UNSUPPORTED_JSONATA_EXPRESSION: Reference to '${name}' at the top level is not supported`,
      });
    }
    for (const member of statesMembers) {
      if (!membersAt(place).includes(member))
        faults.push({ path, what: `$states.${member} does not exist here` });
    }
  } catch (error) {
    faults.push({ path, what: `INVALID_JSONATA_EXPRESSION: ${(error as { message?: string }).message}` });
  }
}

function membersAt({ type, catching, field }: Place): string[] {
  if (field !== 'Assign' && field !== 'Output') return always;
  if (catching) return [...always, 'errorOutput'];
  return withResult.has(type) ? [...always, 'result'] : always;
}
