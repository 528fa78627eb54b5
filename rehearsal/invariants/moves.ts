import type { Acknowledgement, Evidence } from './evidence.ts';

/**
 * Whether clients prove that more than one database took writes: by a chain of writes, each asked for after the one before was confirmed
 * and each taken by another database than that one. Production that moves n times makes chains of n moves and no longer one, wherever
 * its clients have connected to.
 *
 * @param declared how often production was moved
 * @returns a sentence when it was more
 */
export function describeMoves({ blue, acknowledgements = [] }: Evidence, declared: number): string[] {
  const chains = new Chains(blue, declared + 1);
  for (const write of acknowledgements.toSorted((one, other) => one.at - other.at)) {
    if (!chains.extend(write)) continue;
    const at = new Date(write.at).toISOString();
    return [
      `production was moved ${declared} times, acknowledged writes from one database to another ${declared + 1} times, the last to ${write.server} at ${at}`,
    ];
  }
  return [];
}

/** The chains of writes so far, by the database that took the last one. */
class Chains {
  /** When the last write of a chain was confirmed, the earliest that there is, by its database and by how many moves the chain has. */
  readonly #confirmed = new Map<string, (number | undefined)[]>();
  readonly #longest: number;

  constructor(first: string, longest: number) {
    this.#longest = longest;
    this.#confirmed.set(first, [Number.NEGATIVE_INFINITY]);
  }

  /** Adds a write to those chains that it can follow, in the order of confirmation. @returns whether one has the length looked for */
  extend({ server, askedAt, at }: Acknowledgement): boolean {
    if (server === null) return false;
    const own = this.#confirmed.get(server) ?? [];
    this.#confirmed.set(server, own);
    for (let moves = 1; moves <= this.#longest; moves += 1) {
      if (own[moves] === undefined && this.#isFollowed(server, moves - 1, askedAt)) own[moves] = at;
    }
    return own[this.#longest] !== undefined;
  }

  #isFollowed(server: string, moves: number, askedAt: number): boolean {
    return [...this.#confirmed].some(([other, ends]) => {
      const end = ends[moves];
      return other !== server && end !== undefined && end <= askedAt;
    });
  }
}
