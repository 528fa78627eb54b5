import type { AwsError } from './service.ts';

/** What goes wrong with one call, before it reaches the service or after the service has done it. */
export interface Fault {
  before?: Trouble;
  after?: Trouble;
}

export interface Trouble {
  /** The call waits this long, in milliseconds of the run's clock. */
  delayMs?: number;
  /** The connection breaks: the client learns nothing. */
  drop?: boolean;
  refuse?: AwsError;
}

/** The connection broke; `processed` says whether the service had done the call. */
export class LostAnswer extends Error {
  readonly processed: boolean;

  constructor(processed: boolean) {
    super(`the connection was cut ${processed ? 'after' : 'before'} the call was processed`);
    this.processed = processed;
  }
}
