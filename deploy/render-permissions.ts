import { regionToken, type Value } from './cloudformation.ts';

/** A statement of a role as the packaged template holds it. */
export interface TemplateStatement {
  Effect: string;
  Action: string | string[];
  Resource: Value;
  Condition?: Value;
}

/** Longest line of docs/permissions.md. */
const longestLine = 190;

/**
 * A statement as people read it in docs/permissions.md, nothing left out: `allow ACTIONS on RESOURCES if CONDITION`. Two different statements
 * give two different texts.
 */
export function renderStatement({ Effect, Action, Resource, Condition }: TemplateStatement): string {
  const actions = [Action].flat().toSorted();
  const resources = (Array.isArray(Resource) ? Resource : [Resource]).map(renderText);
  const condition = Condition === undefined ? '' : ` if ${renderCondition(Condition)}`;
  return `${Effect.toLowerCase()} ${listCode(actions)} on ${listCode(resources)}${condition}`;
}

/** An item of a list, broken into lines between words. */
export function wrapItem(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length + 2 <= longestLine)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return `- ${lines.join('\n  ')}`;
}

const listCode = (texts: string[]): string => texts.map((text) => `\`${text}\``).join(', ');

/** `StringEquals aws:PassedToService` = `rds.amazonaws.com`, … */
function renderCondition(condition: Value): string {
  return Object.entries(condition as Record<string, Record<string, Value>>)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, value]) => `\`${operator} ${key}\` = ${listCode([value].flat().map(renderText))}`,
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
