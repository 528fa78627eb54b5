/**
 * Every limit of time that must end before another one does, from the inside out: a statement, the function that asks for it, the client
 * of the function that waits for that, that function, its state, the tick. A test compares every pair. Seconds.
 */
export const limits = {
  /**
   * Inside a database. `silence`: a server that ends statements by its own clock and still says nothing so much later is not there any
   * more; after a failover nobody closes the connection. `piece`: reading 16 MiB takes under a second, but rows may be kept out of line,
   * and storage may be loaded lazily. `table`: an ANALYZE. `load`: a statement of a load test, once; `compared`: all runs of one on both sides.
   */
  sql: { connect: 5, lock: 3, statement: 5, silence: 3, piece: 30, table: 20, load: 5, compared: 20 },
  /** A question begins no further piece, no further table, and no further statement of a load test, after so long. */
  step: { compare: 5, analyze: 3, load: 2 },
  /** One call of AWS: a try, and how often it is tried where it may be repeated. */
  aws: { connect: 3, request: 10, tries: 3 },
  /** How long a caller waits for another function of the stack. One that has less time left itself waits less: {@link answerIn}. */
  answer: { sql: 43, decide: 27, mark: 43 },
  /** Timeouts of functions. A waiting state looks for `look`, `around` the cut for most of it; `brief` calls little or nothing. */
  functions: {
    look: 12,
    brief: 20,
    decide: 25,
    page: 29,
    sql: 40,
    act: 50,
    create: 60,
    wake: 60,
    long: 110,
    reconcile: 300,
    evidence: 300,
  },
  /** So long before its own end a function stops waiting for another one, and has time to say so. */
  say: 1,
  /** So long before its state's end, or its tick's, a function is over. */
  margin: 3,
  /**
   * Invocations that go on asking, each until so long after it began. While nobody can write few of them keep the history short. `cut` waits for the
   * switchover, `production` for two readings that prove who serves, `endpoint` for name servers, `failover` is between the two looks of one.
   */
  patience: {
    compare: 25,
    analyze: 40,
    load: 40,
    lastChanges: 6,
    travel: 3,
    cut: 9,
    production: 45,
    endpoint: 8,
    failover: 7,
  },
  /** All comparing of one going back: nobody can write meanwhile. */
  comparison: 900,
} as const;

/**
 * How long to wait for the answer of another function, in seconds: as long as it may take, and no longer than there is time left to say
 * that none came. An answer that comes too late is a failed question that can be asked again; a function that runs out of time says nothing.
 * @param left seconds until the function that waits is ended; undefined where nobody ends it
 */
export function answerIn(whole: number, left: number | undefined): number {
  return left === undefined ? whole : Math.max(limits.say, Math.min(whole, left - limits.say));
}
