import { type Asked, type Role, without } from '../../packages/local-aws/iam/access.ts';
import type { PolicyStatement } from '../../packages/local-aws/iam/policy.ts';
import type { Kind } from './databases.ts';
import type { Trouble } from './faults.ts';
import { play } from './play.ts';
import type { Ending } from './run.ts';
import type { Scenario } from './scenarios/scenario.ts';

export const statementsOf = ({ policies }: Pick<Role, 'policies'>): PolicyStatement[] =>
  policies.flatMap(({ Statement }) => Statement);

/** A statement as a text that is the same in every account: ids that are drawn are left out. */
export const textOf = (statement: PolicyStatement): string =>
  JSON.stringify(statement)
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replace(/hostedzone\/\w+/g, 'hostedzone/ID');

/** A statement of a role, by what it says. */
export const keyOf = (role: Pick<Role, 'arn'>, statement: PolicyStatement): string =>
  `${role.arn.split('/').at(-1)} ${textOf(statement)}`;

/** A run, the statements that alone allowed something in it, and what was refused for want of a right. */
export interface Played {
  ending: Ending;
  needed: Set<string>;
  refused: Asked[];
}

/** Plays a scenario and hears every question to a role. `beside` is one more thing that is done before the run. */
export async function playWithRights(
  kind: Kind,
  scenario: Scenario,
  beside: Trouble[] = [],
): Promise<Played> {
  const needed = new Set<string>();
  const refused: Asked[] = [];
  const listen: Trouble = ({ account }) => {
    account.access.onAsked = (asked) => {
      const { role, decision } = asked;
      if (decision.kind !== 'allowed') refused.push(asked);
      else if (decision.by.length === 1) needed.add(keyOf(role, decision.by[0] as PolicyStatement));
    };
  };
  const troubles = [listen, ...beside, ...(scenario.troubles ?? [])];
  const ending = await play(kind, { ...scenario, troubles });
  return { ending, needed, refused };
}

/** Takes one statement away from its role, before the run begins. */
export const takesAway =
  (key: string): Trouble =>
  ({ account: { access } }) => {
    for (const role of access.roles.values()) {
      const statement = statementsOf(role).find((one) => keyOf(role, one) === key);
      if (statement) access.replace(role.arn, without(role.policies, statement));
    }
  };
