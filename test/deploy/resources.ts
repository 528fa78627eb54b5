import type { Resource, Value } from '../../deploy/cloudformation.ts';
import type { Template } from '../../deploy/package-stack.ts';

/** Properties of a resource; one that is not there fails the test by its name. */
export function propertiesOf(template: Template, id: string): Record<string, Value> {
  const properties = template.Resources[id]?.Properties;
  if (!properties) throw new Error(`the template has no resource ${id} with properties`);
  return properties;
}

/** Resources of a type, by logical id. */
export function ofType(template: Template, type: string): Record<string, Resource> {
  return Object.fromEntries(Object.entries(template.Resources).filter(([, { Type }]) => Type === type));
}
