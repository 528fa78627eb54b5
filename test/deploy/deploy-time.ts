import type { Value } from '../../deploy/cloudformation.ts';
import type { Template } from '../../deploy/package-stack.ts';

/** Where a stack is deployed. */
export interface Place {
  partition: string;
  region: string;
  account: string;
  suffix: string;
}

export const places: Place[] = [
  { partition: 'aws', region: 'eu-west-1', account: '111122223333', suffix: 'amazonaws.com' },
  { partition: 'aws-cn', region: 'cn-north-1', account: '444455556666', suffix: 'amazonaws.com.cn' },
  { partition: 'aws-us-gov', region: 'us-gov-west-1', account: '777788889999', suffix: 'amazonaws.com' },
];

/** Evaluates the intrinsic functions of a value, as far as the stack uses them; any other is an error. */
export function evaluate(template: Template, place: Place, value: Value): Value {
  if (Array.isArray(value)) return value.map((item) => evaluate(template, place, item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length === 1 && name !== undefined && /^(Ref$|Fn::)/.test(name))
    return evaluateFunction(template, place, name, argument as Value);
  return Object.fromEntries(entries.map(([key, item]) => [key, evaluate(template, place, item)]));
}

function evaluateFunction(template: Template, place: Place, name: string, argument: Value): Value {
  switch (name) {
    case 'Ref':
      return nameValue(template, place, argument as string);
    case 'Fn::GetAtt':
      return nameValue(template, place, (argument as string[]).join('.'));
    case 'Fn::Sub':
      return substitute(template, place, argument);
    case 'Fn::Join': {
      const [between, parts] = argument as [string, Value[]];
      return parts.map((part) => evaluate(template, place, part)).join(between);
    }
    default:
      throw new Error(`the stack uses ${name}, which this test does not know`);
  }
}

function substitute(template: Template, place: Place, argument: Value): string {
  const [text, values] = Array.isArray(argument) ? argument : [argument, {}];
  const own = values as Record<string, Value>;
  return (text as string).replace(/\$\{([^}]+)\}/g, (_, name: string) =>
    String(name in own ? evaluate(template, place, own[name] as Value) : nameValue(template, place, name)),
  );
}

function nameValue(template: Template, place: Place, name: string): string {
  const pseudo: Record<string, string> = {
    'AWS::Partition': place.partition,
    'AWS::Region': place.region,
    'AWS::AccountId': place.account,
    'AWS::URLSuffix': place.suffix,
    'AWS::StackName': 'stack',
  };
  const known = pseudo[name];
  if (known !== undefined) return known;
  if (!template.Resources[name.split('.')[0] ?? ''])
    throw new Error(`nothing in the template is called ${name}`);
  return `arn:${place.partition}:made-up:${place.region}:${place.account}:${name}`;
}
