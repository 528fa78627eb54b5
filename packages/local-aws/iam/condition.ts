import { matchesPattern } from './pattern.ts';
import type { Conditions, Context } from './policy.ts';

type Compare = (value: string, wanted: string) => boolean;

const same: Compare = (value, wanted) => value === wanted;
const like: Compare = (value, wanted) => matchesPattern(wanted, value);

/**
 * The operators that are evaluated; any other is an error, never a no.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const operators: Record<string, { compare: Compare; negated?: true }> = {
  StringEquals: { compare: same },
  StringNotEquals: { compare: same, negated: true },
  StringLike: { compare: like },
  StringNotLike: { compare: like, negated: true },
  ArnEquals: { compare: like },
  ArnLike: { compare: like },
  Bool: { compare: (value, wanted) => value.toLowerCase() === wanted.toLowerCase() },
};

/** Whether every condition of a statement holds. @throws on an operator that is not evaluated here */
export function conditionsHold(conditions: Conditions, context: Context): boolean {
  const known = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      holds(operator, known.get(key.toLowerCase()), [wanted].flat()),
    ),
  );
}

/** A key that is missing fails an operator, but a negated one and one of `ForAllValues` hold. */
function holds(operator: string, value: Context[string] | undefined, wanted: string[]): boolean {
  if (operator === 'Null') return wanted.some((one) => (one === 'true') === (value === undefined));
  const [, quantifier, name = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(operator) ?? [];
  const found = operators[name];
  if (!found) throw new Error(`The local IAM does not evaluate the condition operator ${operator}.`);
  if (value === undefined)
    return ifExists !== undefined || (quantifier ? quantifier === 'ForAllValues' : found.negated === true);
  const fits = (one: string) => wanted.some((text) => found.compare(one, text)) !== (found.negated === true);
  if (quantifier === 'ForAllValues') return [value].flat().every(fits);
  if (quantifier === 'ForAnyValue') return [value].flat().some(fits);
  if (typeof value !== 'string')
    throw new Error(
      `The condition operator ${operator} has a key of several values: it needs ForAllValues or ForAnyValue.`,
    );
  return fits(value);
}
