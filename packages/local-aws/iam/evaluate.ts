import { conditionsHold } from './condition.ts';
import { matchesPattern } from './pattern.ts';
import type { Context, Policy, PolicyStatement, Question } from './policy.ts';

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
  const { action, resource, context = {} } = question;
  const concerned = policies
    .flatMap((policy) => statementsOn(policy, action))
    .filter((one) => concerns(one, resource, context));
  const denying = concerned.filter(({ Effect }) => Effect === 'Deny');
  if (denying.length > 0) return { kind: 'denied', by: denying };
  return concerned.length > 0 ? { kind: 'allowed', by: concerned } : { kind: 'not-allowed' };
}

/** A role is asked for the same few actions in every run. */
const byAction = new WeakMap<Policy, Map<string, readonly PolicyStatement[]>>();

/** The statements of a policy that name an action. */
function statementsOn(policy: Policy, action: string): readonly PolicyStatement[] {
  const known = byAction.get(policy) ?? new Map<string, readonly PolicyStatement[]>();
  byAction.set(policy, known);
  let statements = known.get(action);
  if (!statements) {
    const named = action.toLowerCase();
    statements = policy.Statement.filter(({ Action }) =>
      [Action].flat().some((one) => matchesPattern(one.toLowerCase(), named)),
    );
    known.set(action, statements);
  }
  return statements;
}

function concerns({ Resource, Condition }: PolicyStatement, resource: string, context: Context): boolean {
  const named =
    typeof Resource === 'string'
      ? matchesPattern(Resource, resource)
      : Resource.some((one) => matchesPattern(one, resource));
  return named && (Condition === undefined || conditionsHold(Condition, context));
}
