/**
 * How long a waiting state sleeps between two looks. Ticks follow the time already waited: a twentieth of it, so that a lost
 * event costs at most a twentieth of the wait, or the shortest tick of its kind. The state machine computes the same in its `TimeoutSeconds`; a test
 * compares the two.
 */

/** One wait. Milliseconds since the epoch. */
export interface Wait {
  since: number;
  /** When it ends, whatever happens. */
  deadline: number;
}

/** The shortest tick of a kind of wait, while it is young, and its longest. Seconds. */
export interface Pace {
  floor: number;
  ceiling: number;
  /** Nothing is expected before so much of the wait has passed; an event may say otherwise. */
  first?: number;
}

/** No tick is shorter: a look takes up to 10 s, and must answer at least 3 s before its tick runs out. */
export const shortestTick = 15;

/** Paces by kind of wait. */
export const paces = {
  /** A window, a removal, a snapshot, a deletion. RDS events wake most of them. */
  usual: { floor: 30, ceiling: 1_800 },
  /**
   * The quarter of an hour is chosen, not taken from AWS, which gives no time: RDS restores a snapshot, copies its storage and mostly upgrades it, and
   * tells the end and a failure by events that wake it. Without any event a green that is ready sooner is seen so much later, once in a run.
   * Each look asks RDS twice, for the deployment and for blue, so an hour of a build that only waits has seven looks and 14 calls.
   */
  green: { floor: 450, ceiling: 1_800, first: 900 },
  /** People alone end it, and their answer waits for no look: a look refreshes what they see, and finds facts that have changed. */
  approval: { floor: 600, ceiling: 1_800 },
  /** Nothing wakes it: RDS publishes a lag point a minute. */
  catchUp: { floor: 30, ceiling: 300 },
  /** Around the cut. RDS needs seconds to minutes; what takes longer is waiting for its timeout. */
  cut: { floor: 15, ceiling: 60 },
  /** A failover takes one or two minutes, and the lag shows minutes later that replication flows; what takes longer is not well. */
  failover: { floor: 15, ceiling: 300 },
  /** Green has answered after its failover; two points of the lag show that replication flows, and RDS publishes one a minute. */
  flowing: { floor: 60, ceiling: 300 },
  /** Nobody can write meanwhile; it may last a day until a person has mended what stands in the way. */
  release: { floor: 15, ceiling: 600 },
  /** Alarms wake it, and RDS publishes a point a minute. A quarter of an hour is how late a lost alarm may be heard. */
  bake: { floor: 60, ceiling: 900 },
  /** Nothing is to be done before it opens, and meanwhile green costs blue its log: an hour fills few disks, and costs eight events. */
  window: { floor: 3_600, ceiling: 3_600 },
  /** Only time passes: it sleeps to its deadline, a day at most. */
  retention: { floor: 86_400, ceiling: 86_400 },
} as const satisfies Record<string, Pace>;

/**
 * Seconds until the next look: whole, at least 15, and past the deadline by those 15 at most.
 * @param together so many waits of one run run side by side: each looks so many times less often, so that the execution
 * history grows as by one.
 */
export function tickSeconds(now: number, wait: Wait, pace: Pace = paces.usual, together = 1): number {
  const waited = (now - wait.since) / 1_000;
  const least = Math.max(pace.floor, Math.ceil((pace.first ?? 0) - waited));
  const pacing = Math.min(pace.ceiling, Math.max(least, Math.floor(waited / 20))) * together;
  return Math.max(shortestTick, Math.min(pacing, Math.ceil((wait.deadline - now) / 1_000)));
}

/** Green that is nearly ready is another wait, a short one: of its members RDS sends no event. */
export function greenTick(now: number, wait: Wait, nearlySince: number | undefined): number {
  return nearlySince === undefined
    ? tickSeconds(now, wait, paces.green)
    : tickSeconds(now, { since: nearlySince, deadline: wait.deadline });
}

/** A window is two waits: until it opens only harm is looked for, and while it is open it looks for the cut. The second begins young, for then looks count. */
export function windowTick(now: number, wait: Wait, opensAt: number): number {
  return now < opensAt
    ? tickSeconds(now, { since: wait.since, deadline: opensAt }, paces.window)
    : tickSeconds(now, { since: Math.max(wait.since, opensAt), deadline: wait.deadline });
}

/** A stream of the way back that stands still keeps log of new production: minutes of it matter to no disk. Milliseconds. */
const rdsEvery = 300_000;

/**
 * Whether a look of a bake asks RDS for both sides, and looks at the way back. Alarms and metrics are for every look; for the rest one look in five
 * minutes is enough: an hour of a bake has 12 calls of RDS, and one more for each look at which CloudWatch has no point yet. Looks are a tick apart, so
 * one of them falls into each such time.
 */
export function isLookAtRds(now: number, wait: Wait, bakeUntil: number): boolean {
  return (now - wait.since) % rdsEvery < 1_000 * bakeTick(now, wait, bakeUntil);
}

/** A bake looks exactly when it ends; past its end it waits for alarms that have no data yet. */
export function bakeTick(now: number, wait: Wait, bakeUntil: number): number {
  const deadline = now < bakeUntil ? bakeUntil : wait.deadline;
  return tickSeconds(now, { since: wait.since, deadline }, paces.bake);
}

/**
 * Whether the bake has ended and no other look comes before its deadline, so that this one has to decide. The state machine counts
 * from when it entered the state, a moment before this look: it may be that one tick is left unused, never that none decides.
 */
export function isLastLook(now: number, wait: Wait, bakeUntil: number): boolean {
  return now >= bakeUntil && now + bakeTick(now, wait, bakeUntil) * 1_000 >= wait.deadline;
}

/** Looks of one wait that lasts to its deadline and hears nothing. */
export function countTicks(seconds: number, tick: (now: number) => number): number {
  let ticks = 0;
  for (let now = 0; now < seconds * 1_000; now += tick(now) * 1_000) {
    ticks += 1;
  }
  return ticks;
}
