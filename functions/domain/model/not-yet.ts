/** A wait that goes on, and why. Made by {@link notYet} alone, so that none is without a remedy. */
export interface NotYet {
  kind: 'not-yet';
  because: string;
}

/**
 * What a wait says of itself while it goes on. The last of these stands in the messages of the approval, and in the end when time runs out, so
 * it is written for a person who has nothing else.
 * @param seen what was seen, by its names and numbers
 * @param remedy what that person does where it stays so; null where it is the clock alone that is waited for
 */
export function notYet(seen: string, remedy: string | null): NotYet {
  return { kind: 'not-yet', because: remedy === null ? seen : `${seen}; if it stays so, ${remedy}` };
}

/** Where nothing but RDS itself can say why. */
export const lookAtRds = (what: string): string => `look at ${what} in the console of RDS and at its events`;

/** Where RDS or IAM shows a tag late, which passes within seconds. */
export const tagsStay = 'look in CloudTrail whether something takes tags away';
