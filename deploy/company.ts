import type { Resources } from './cloudformation.ts';
import type { Settings } from './settings.ts';

/** Keys for data, in place of which a key of the company may stand. The two that seal are of another kind and stay ours. */
const dataKeys = ['MachineKey', 'MessagesKey', 'LogsKey'];

/** What companies ask of every stack: a boundary and a path for roles, and a key of their own. Tags are the framework's `stackTags`. */
export function fitToCompany(
  { permissionsBoundary, rolePath, dataKey }: Settings,
  resources: Resources,
): Resources {
  const bounded = Object.fromEntries(
    Object.entries(resources).map(([id, resource]) => [
      id,
      resource.Type === 'AWS::IAM::Role'
        ? {
            ...resource,
            Properties: {
              ...resource.Properties,
              ...(rolePath !== '/' && { Path: rolePath }),
              ...(permissionsBoundary && { PermissionsBoundary: permissionsBoundary }),
            },
          }
        : resource,
    ]),
  );
  return dataKey === undefined ? bounded : withKey(bounded, dataKey);
}

/** Every reference to the ARN of one of our keys becomes that of the given one. */
function withKey(resources: Resources, dataKey: string): Resources {
  const others = Object.fromEntries(Object.entries(resources).filter(([id]) => !dataKeys.includes(id)));
  return JSON.parse(JSON.stringify(others), (_name, value) =>
    isDataKey(value) ? dataKey : value,
  ) as Resources;
}

function isDataKey(value: unknown): boolean {
  const { 'Fn::GetAtt': attribute } = (value ?? {}) as { 'Fn::GetAtt'?: unknown };
  return Array.isArray(attribute) && dataKeys.includes(String(attribute[0]));
}
