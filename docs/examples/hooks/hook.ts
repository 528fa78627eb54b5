/** Name of a hook in the request. */
export type Stage =
  | 'changeGreen'
  | 'testGreen'
  | 'stopWrites'
  | 'resumeWrites'
  | 'verifyProduction'
  | 'handOver';

/** A place in the log of a server: `1/A2B3C4` of PostgreSQL, `file:offset` of the binary log. */
export interface LogPlace {
  position: string;
  /** GTID set of the MySQL family up to there, where it is known. */
  gtid: string | null;
}

/** A server that a consumer is led away from, or to. `because`: why something of it is not known. */
interface LoggedServer {
  id: string;
  resourceId: string;
  endpoint: string;
  because: string | null;
}

/** What the state machine hands to a hook. Of `deployment` only what the hooks of this folder read. */
export interface HookEvent {
  stage: Stage;
  /** Name of the database in RDS. */
  database: string;
  /** `host:port` that the stage is about: green before the cut, and for `resumeWrites` the side that serves. */
  endpoint: string;
  deployment: { database: { engine: string }; blue: { endpoint: string } };
  executionArn: string;
  /** `handOver` only: its name, as the request gives it or as it was found. */
  consumer?: string;
  /** `handOver` only: the former production. Everything that it has taken in lies before `log`. */
  ended?: LoggedServer & { log: LogPlace | null };
  /**
   * `handOver` only: the side that serves. Everything that only it has taken in lies behind these: one place a database of PostgreSQL, one for
   * all of the MySQL family, none where it is not known. `slot` is one of Viridian's, which stands exactly there until the hook has answered.
   */
  begins?: LoggedServer & { places: (LogPlace & { database: string; slot: string | null })[] };
}

/** What a hook answers. Everything else is a no. */
export interface HookAnswer {
  verdict: 'pass' | 'fail';
  because: string;
  facts: Record<string, unknown>;
}

/** What was done, in a sentence, with figures for the record. */
export interface Done {
  because: string;
  facts?: Record<string, unknown>;
}

/** What a hook does, by stage. An error is a no, and its message the reason. */
export type Stages = Partial<Record<Stage, (event: HookEvent) => Promise<Done>>>;

/**
 * The handler of a hook. A stage that it does not know is none of its business and passes. An error is answered and not thrown, so that
 * its message reaches the people who read the run.
 */
export function hook(stages: Stages): (event: HookEvent) => Promise<HookAnswer> {
  return async (event) => {
    const act = stages[event.stage];
    if (!act) return { verdict: 'pass', because: `nothing to do at ${event.stage}`, facts: {} };
    try {
      return { verdict: 'pass', facts: {}, ...(await act(event)) };
    } catch (error) {
      return { verdict: 'fail', because: (error as Error).message, facts: {} };
    }
  };
}
