import { type Asked, type Role, without } from '../../packages/local-aws/iam/access.ts';
import type { PolicyStatement } from '../../packages/local-aws/iam/policy.ts';
import type { Kind } from './databases.ts';
import type { Trouble } from './faults.ts';
import { play } from './play.ts';
import type { Ending } from './run.ts';
import type { Scenario } from './scenarios/scenario.ts';

/** A statement by its role and its place in it, which are the same in every run. */
export interface Place {
  role: string;
  index: number;
}

export const keyOf = ({ role, index }: Place): string => `${role}#${index}`;

export const statementsOf = ({ policies }: Role): PolicyStatement[] =>
  policies.flatMap(({ Statement }) => Statement);

/** A run, what was asked of every role in it, and the statements that alone allowed something. */
export interface Played {
  ending: Ending;
  asked: Asked[];
  needed: Set<string>;
}

/** Plays a scenario and hears every question to a role. `beside` is one more thing that is done before the run. */
export async function playWithRights(
  kind: Kind,
  scenario: Scenario,
  beside: Trouble[] = [],
): Promise<Played> {
  const asked: Asked[] = [];
  const listen: Trouble = ({ account }) => {
    account.access.onAsked = (one) => asked.push(one);
  };
  const troubles = [listen, ...beside, ...(scenario.troubles ?? [])];
  const ending = await play(kind, { ...scenario, troubles });
  return { ending, asked, needed: new Set(asked.flatMap(neededBy)) };
}

/** Where one statement alone allowed it: without that statement it is refused. */
function neededBy({ role, decision }: Asked): string[] {
  if (decision.kind !== 'allowed') return [];
  const [only, ...others] = decision.by;
  if (!only || others.length > 0) return [];
  return [keyOf({ role: role.arn, index: statementsOf(role).indexOf(only) })];
}

/** Takes one statement away from a role, before the run begins. */
export const takesAway =
  ({ role, index }: Place): Trouble =>
  ({ account: { access } }) => {
    const found = access.roles.get(role);
    const statement = found && statementsOf(found)[index];
    if (!found || !statement) throw new Error(`there is no statement ${index} of ${role}`);
    access.replace(role, without(found.policies, statement));
  };
