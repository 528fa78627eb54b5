import type { NormalizedSchema } from '@smithy/core/schema';

/**
 * Path of the first member that the schema requires and the value lacks, for example `FilterList.1.Name`.
 * A structure's schema lists its required members first and says how many they are.
 */
export function findMissingMember(schema: NormalizedSchema, value: unknown, path = ''): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const at = (name: string) => (path ? `${path}.${name}` : name);
  if (schema.isStructSchema()) {
    const required = requiredCount(schema);
    for (const [index, [name, member]] of [...schema.structIterator()].entries()) {
      const present = (value as Record<string, unknown>)[name];
      if (present == null && index < required) return at(name);
      const missing = findMissingMember(member, present, at(name));
      if (missing) return missing;
    }
  } else if (schema.isListSchema() || schema.isMapSchema()) {
    const member = schema.getValueSchema();
    for (const [key, item] of Object.entries(value)) {
      const missing = findMissingMember(member, item, at(Array.isArray(value) ? `${Number(key) + 1}` : key));
      if (missing) return missing;
    }
  }
  return undefined;
}

/** How many of a structure's members, counted from the first, must be there. */
export function requiredCount(schema: NormalizedSchema): number {
  const structure = schema.getSchema() as unknown[];
  return Number(structure[6] ?? 0);
}
