import type { Answer, Ask, Input, RefusalCode } from '../../../functions/sql/contract.ts';

/** How one family answers each question. */
export type Family = { [A in Ask]: (input: Input<A>) => Answer<A> | Promise<Answer<A>> };

/** A rule of the operation says no. */
export class Refused extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode) {
    super(`refused: ${code}`);
    this.code = code;
  }
}

/** The one database of every server, which the MySQL family calls a schema. */
export const database = 'shop';
