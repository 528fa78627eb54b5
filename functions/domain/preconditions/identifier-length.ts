import { databasesOf } from '../build/readiness.ts';
import type { Precondition } from './facts.ts';
import { warning } from './finding.ts';

/** 63 characters less the 13 of `-green-xxxxxx`. */
const longest = 50;

/** RDS names green after blue; what it does with a name that leaves no room is not documented. */
export const identifierLength: Precondition = {
  id: 'identifier-length',
  engines: 'all',
  looksAt: 'The length of the names of blue; the name of green is longer.',
  check: ({ blue }) =>
    databasesOf(blue)
      .filter(({ id }) => id.length > longest)
      .map(({ id }) =>
        warning(
          `${id} has ${id.length} characters; green's name adds 13, and RDS allows 63. Creation may fail: consider a shorter name first.`,
        ),
      ),
};
