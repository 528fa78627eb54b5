/**
 * A deep copy of a value of the world: plain objects, lists, dates and scalars. `structuredClone` copies more kinds of values and takes
 * several times as long; every answer and every stale world is such a copy.
 */
export function copyOf<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as Value;
  if (value instanceof Date) return new Date(value) as Value;
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) copy[key] = copyOf(member);
  return copy as Value;
}
