import type { LogPlace } from './side-facts.ts';

/** A server as consumers are led to it, or away from it. */
export interface At {
  id: string;
  resourceId: string;
  /** `host:port`. */
  endpoint: string;
}

/** From where on a log has what only its own server has taken in. */
export interface Beginning extends LogPlace {
  /** The database that it is of; empty of the MySQL family, where one log has all. */
  database: string;
  /** A slot of ours that stands exactly there until the way back is attached. Copied before, it is that of a consumer. */
  slot: string | null;
}

/** Where consumers of changes end on the one side, and go on at the other. */
export interface HandOver {
  /** The side on which they go on. */
  side: 'blue' | 'green';
  consumers: string[];
  /** The former production. Everything that it has taken in lies before `log`; null: not known, and why. */
  ended: At & { log: LogPlace | null; because: string | null };
  /** The side that serves. Nothing of what the former production has taken in lies behind a beginning; empty: not known, and why. */
  begins: At & { places: Beginning[]; because: string | null };
  /** What the hook said, by consumer; absent where the request names none. */
  answers?: Called[];
}

/** One call of the hook. */
export interface Called {
  consumer: string;
  answer?: unknown;
  /** Error and cause, where it gave no answer. */
  failed?: string;
}
