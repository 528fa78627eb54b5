import { regionToken, type Value } from './cloudformation.ts';

/** A statement of a role as the packaged template holds it. */
export interface TemplateStatement {
  Effect: string;
  Action: string | string[];
  Resource: Value;
  Condition?: Value;
}

/** The same as people read it in docs/permissions.md: one text a cell, nothing left out. */
export interface PermissionRow {
  effect: string;
  actions: string;
  resources: string;
  condition: string;
}

/** Writes a statement as a row. Two different statements give two different rows. */
export function renderStatement({ Effect, Action, Resource, Condition }: TemplateStatement): PermissionRow {
  return {
    effect: Effect.toLowerCase(),
    actions: [Action].flat().toSorted().join(' '),
    resources: (Array.isArray(Resource) ? Resource : [Resource]).map(renderText).join(' '),
    condition: Condition === undefined ? '' : renderCondition(Condition),
  };
}

/** `StringEquals aws:PassedToService = rds.amazonaws.com, …` */
function renderCondition(condition: Value): string {
  return Object.entries(condition as Record<string, Record<string, Value>>)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, value]) => `${operator} ${key} = ${[value].flat().map(renderText).join(', ')}`,
      ),
    )
    .join('; ');
}

/** An ARN without the parts that every ARN of the stack has: `rds:db:*`, `iam::role/*` where there is no region, `route53:::hostedzone/Z1` where there is no account either. */
function renderText(value: Value): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = []] = Object.entries(value);
  if (name === 'Ref') return String(argument);
  if (name === 'Fn::GetAtt') return (argument as string[])[0] as string;
  if (name === 'Fn::Sub' && typeof argument === 'string')
    return argument
      .replace(/^arn:\$\{AWS::Partition\}:([a-z0-9-]+):\$\{AWS::Region\}:\$\{AWS::AccountId\}:/, '$1:')
      .replace(/^arn:\$\{AWS::Partition\}:([a-z0-9-]+)::\$\{AWS::AccountId\}:/, '$1::')
      .replace(/^arn:\$\{AWS::Partition\}:([a-z0-9-]+):::/, '$1:::')
      .replace(regionToken, 'REGION');
  throw new Error(`no text for ${JSON.stringify(value)}`);
}
