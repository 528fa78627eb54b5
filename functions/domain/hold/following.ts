import type { CatalogDigests, Consumer, FollowingFacts, SideFacts } from '../hand-over/side-facts.ts';
import type { Deployment } from '../model/deployment.ts';
import { firstNames } from '../model/first-names.ts';
import { type NotYet, notYet } from '../model/not-yet.ts';
import { isRead } from '../model/reading.ts';
import { foreignText } from '../model/text.ts';
import type { WayBack } from '../way-back/state.ts';

/**
 * @param before catalogs of blue before green was built; left out where everything that is changed there comes to green as well
 */
export function judgeFollowing(
  before: Deployment['catalogs'],
  blue: SideFacts,
  green: Pick<SideFacts, 'stream'>,
): FollowingFacts {
  return {
    changed: before ? describeChanged(before, blue.catalogs) : [],
    obstacles: [
      ...blue.consumers.filter(({ by }) => by === 'slot').map(refusesTheCut),
      ...green.stream.map((sentence) => `on green ${foreignText(sentence, 300)}`),
    ],
  };
}

/** The precondition was content: the slot is younger than the run. */
const refusesTheCut = ({ name }: Consumer): string =>
  `slot ${foreignText(name)} was made on blue, and RDS switches over no database that others read changes of: drop it, and name its reader in consumers`;

/** Kinds with their database; a database that was made or dropped differs in all of them and is told by its name. */
function describeChanged(
  before: Record<string, CatalogDigests>,
  now: Record<string, CatalogDigests>,
): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return firstNames(
    names.flatMap((name) => {
      const [then, today] = [before[name], now[name]];
      if (!then || !today) return [`database ${foreignText(name)} is ${then ? 'gone' : 'new'}`];
      const kinds = Object.keys(today).filter((kind) => then[kind] !== today[kind]);
      return kinds.map((kind) => (name === '' ? kind : `${kind} in ${foreignText(name)}`));
    }),
  );
}

/** Whether rows may not arrive any more: then both sides are to be compared table by table. */
export const changesTables = ({ changed }: FollowingFacts): boolean =>
  changed.some((one) => /^(tables in |and \d+ more$)/.test(one));

/**
 * Why the cut does not come yet, as far as green follows blue. A look that failed keeps from the cut only where both databases have to answer anyway: where a
 * way back is possible.
 */
export function findFollowingObstacle(
  { following }: Pick<Deployment, 'following'>,
  { possible }: Pick<WayBack, 'possible'>,
): NotYet | undefined {
  if (!following) return undefined;
  if (!isRead(following))
    return possible
      ? notYet(
          `how green follows blue is not known: ${foreignText(following.unreadable, 300)}`,
          'see to it that the function reaches both databases (docs/deploy.md)',
        )
      : undefined;
  const { obstacles } = following.value;
  if (obstacles.length === 0) return undefined;
  return notYet(
    firstNames(obstacles).join('; '),
    'mend what is named here; where a table of green stays behind, build green anew',
  );
}

/** A line for the people who decide; undefined where there is nothing to tell. */
export function describeFollowing({ following }: Pick<Deployment, 'following'>): string | undefined {
  if (!following) return undefined;
  if (!isRead(following)) return `not known: ${foreignText(following.unreadable, 300)}`;
  const { changed } = following.value;
  if (changed.length === 0) return undefined;
  return `${changed.join(', ')}: replication brings that to green no more than roles and rights do; make it on green as well where the application needs it`;
}
