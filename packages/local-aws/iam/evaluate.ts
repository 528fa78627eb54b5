import { conditionsHold } from './condition.ts';
import { matchesPattern } from './pattern.ts';
import type { Policy, PolicyStatement, Question } from './policy.ts';

/** What the policies of a role say of one question, and the statements that decided. */
export type Decision =
  | { kind: 'allowed'; by: PolicyStatement[] }
  | { kind: 'denied'; by: PolicyStatement[] }
  /** No statement allows it. */
  | { kind: 'not-allowed' };

/**
 * Evaluates the policies of a role: a deny wins, and what nothing allows is refused.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 *
 * Identity policies of one account only: no resource policies, boundaries, session policies or policies of an organization; statements
 * with Action, Resource and Condition, without their `Not` forms and without policy variables.
 */
export function evaluate(policies: readonly Policy[], question: Question): Decision {
  const concerned = policies.flatMap(({ Statement }) => Statement.filter((one) => concerns(one, question)));
  const denying = concerned.filter(({ Effect }) => Effect === 'Deny');
  if (denying.length > 0) return { kind: 'denied', by: denying };
  return concerned.length > 0 ? { kind: 'allowed', by: concerned } : { kind: 'not-allowed' };
}

function concerns(statement: PolicyStatement, { action, resource, context = {} }: Question): boolean {
  const { Action, Resource, Condition } = statement;
  return (
    [Action].flat().some((one) => matchesPattern(one.toLowerCase(), action.toLowerCase())) &&
    [Resource].flat().some((one) => matchesPattern(one, resource)) &&
    (Condition === undefined || conditionsHold(Condition, context))
  );
}
