import type { SideFound, Standing, StandingFacts } from './standing-facts.ts';
import { listInAws } from './standing-in-aws.ts';
import { listInside } from './standing-inside.ts';

/** Everything of ours that stands, what hurts most first. */
export function listStanding(facts: StandingFacts): Standing[] {
  const found = facts.sides.flatMap((side) => {
    const { id, resourceId } = side.now;
    const on = `${nameRole(side, facts)} ${id} (${resourceId})`;
    return [...listInside(side, facts), ...listInAws(side, facts)].map((one) => ({ ...one, on, resourceId }));
  });
  return [...found.filter(({ hurts }) => hurts), ...found.filter(({ hurts }) => !hurts)];
}

/** What people call the side at the end of its run. */
export function nameRole(
  side: Pick<SideFound, 'role' | 'now'>,
  { production }: Pick<StandingFacts, 'production'>,
): string {
  if (side.role === 'clone') return 'the clone of old blue';
  if (production === undefined) return side.role;
  if (side.role === 'green') return production === side.now.resourceId ? 'new production' : 'green';
  return production === side.now.resourceId ? 'blue' : 'old blue';
}

/** One entry for people: what stands where, when it may be removed, and how to. The last line is to be taken as it is. */
export function describeStanding({ what, on, safe, remove }: Standing): { text: string; command: string } {
  const how =
    'sql' in remove
      ? `As ${remove.as}, in database ${remove.database} at ${remove.address || 'its address'}`
      : 'By the AWS CLI';
  return {
    text: `On ${on}: ${what}. ${how}; safe ${safe}:`,
    command: 'sql' in remove ? remove.sql : remove.command,
  };
}
