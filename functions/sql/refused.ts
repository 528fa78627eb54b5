import type { RefusalCode } from './contract.ts';

/** A rule of an operation says no; nothing was done, or only what another question undoes. */
export class Refused extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, because: string) {
    super(because);
    this.code = code;
  }
}
