/**
 * How often events may wake a run. A look that an event asks for costs the history as much as one that comes by its tick, and an alarm may
 * flap every minute: without a bound the events of others use up the 25,000 that an execution has, and end it. Past the bound a run looks
 * by its ticks alone, as it does when events are lost. A state cannot starve: a wake-up only begins the next look earlier, and no wait is
 * put off by it.
 */

/** So often an hour. Ten looks of eight events are 80 events an hour; a bake of eight days has 15,360 of them. */
export const wakesAnHour = 10;

/** Step Functions ends an execution at so many events. */
const historyLimit = 25_000;

/** For tasks that are tried again. */
const reserve = 1_000;

/** What the history of a run shows when an event is about to wake it. */
export interface WakeFacts {
  /** Wake-ups of the last hour. */
  wakes: number;
  /** Number of the newest event. */
  events: number;
  /** Events of the longest run that its request allows, without any wake-up. */
  planned: number;
}

/** Why a run is not woken; undefined: it may be. What is still planned fits into the history whatever has happened so far. */
export function findWakeObstacle({ wakes, events, planned }: WakeFacts): string | undefined {
  if (wakes >= wakesAnHour) return `it was woken ${wakes} times in the last hour`;
  return events + planned + reserve > historyLimit
    ? `its history has ${events} events, and what is planned may need ${planned} more`
    : undefined;
}
