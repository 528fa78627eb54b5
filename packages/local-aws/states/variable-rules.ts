import { isFunctionName } from './expression.ts';
import type { FieldFault, Fields } from './field-rules.ts';
import { isObject, type Json } from './json.ts';

const nameForm = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;
const longestName = 80;

/**
 * Checks the names in every Assign. A branch or an iteration must not assign a variable that a flow around it
 * assigns, since it could only hide it ("Passing data between states with variables").
 */
export function findVariableFaults(machine: Fields): FieldFault[] {
  const faults: FieldFault[] = [];
  checkFlow(machine, '', new Set(), faults);
  return faults;
}

function checkFlow(flow: Fields, path: string, outer: ReadonlySet<string>, faults: FieldFault[]): void {
  const states = Object.entries(isObject(flow.States) ? flow.States : {}).map(
    ([name, state]) => [`${path}/States/${name}`, state as Fields] as const,
  );
  const own = new Set(outer);
  for (const [at, state] of states) {
    for (const { names, where } of assignments(state, at)) {
      for (const name of names) {
        const fault = nameFault(name) ?? (outer.has(name) ? 'is assigned in an outer flow' : undefined);
        if (fault !== undefined)
          faults.push({ path: `${where}/${name}`, what: `The variable '${name}' ${fault}` });
        own.add(name);
      }
    }
  }
  for (const [at, state] of states)
    for (const inner of flowsIn(state, at)) checkFlow(inner.flow, inner.path, own, faults);
}

function nameFault(name: string): string | undefined {
  if (name === 'states') return 'is reserved';
  if (isFunctionName(name)) return 'has the name of a JSONata function';
  if (!nameForm.test(name) || name.length > longestName) return 'is no valid name';
  return undefined;
}

/** The Assign of a state and those of its rules and catchers. */
function assignments(state: Fields, path: string): { names: string[]; where: string }[] {
  const rules = ['Choices', 'Catch'].flatMap((list) => {
    const entries = state[list];
    return Array.isArray(entries)
      ? entries.map((rule, index) => [`${path}/${list}[${index}]`, rule] as const)
      : [];
  });
  const places: (readonly [string, Json])[] = [[path, state], ...rules];
  return places.flatMap(([at, holder]) => {
    const assign = isObject(holder) ? holder.Assign : undefined;
    return isObject(assign) ? [{ names: Object.keys(assign), where: `${at}/Assign` }] : [];
  });
}

/** The flows inside a Parallel or a Map, and the paths to them. */
export function flowsIn(state: Fields, path: string): { flow: Fields; path: string }[] {
  const branches = Array.isArray(state.Branches) ? state.Branches : [];
  const flows = branches.map((flow, index) => ({ flow, path: `${path}/Branches[${index}]` }));
  if (state.ItemProcessor !== undefined)
    flows.push({ flow: state.ItemProcessor, path: `${path}/ItemProcessor` });
  return flows.filter((entry): entry is { flow: Fields; path: string } => isObject(entry.flow));
}
