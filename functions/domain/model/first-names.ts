/** So many entries of a list are told. A list without an end would fill every message, and every later state of a run. */
export const namesTold = 12;

const rest = /^and (\d+) more$/;

/** Whether an entry only says how many others there are. */
export const isRest = (name: string): boolean => rest.test(name);

/** The first of a list, and how many others there are. One that was cut before may be cut again. */
export function firstNames(names: readonly string[], told: number = namesTold): string[] {
  const others = Number(rest.exec(String(names.at(-1)))?.[1] ?? 0);
  const known = others > 0 ? names.slice(0, -1) : names;
  if (known.length <= told) return [...names];
  const left = known.length - told + others;
  return told === 0 ? [`${left} in all`] : [...known.slice(0, told), `and ${left} more`];
}
