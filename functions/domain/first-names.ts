/** So many entries of a list are told. A list without an end would fill every message, and every later state of a run. */
export const namesTold = 12;

/** The first of a list, and how many others there are. */
export function firstNames(names: readonly string[], told: number = namesTold): string[] {
  return names.length <= told ? [...names] : [...names.slice(0, told), `and ${names.length - told} more`];
}
