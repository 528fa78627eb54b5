/** A goal beside today's figure. */
export interface GoalRow {
  goal: string;
  figure: string;
  /** Another figure of the same run: of a simpler way to the same end, of less of it, or of an empty one. */
  baseline: string;
  met: boolean;
  /** Why it is missed, where that is known. */
  because?: string;
}

/** One thing that `npm run bench` measures, in a process of its own. */
export interface Measure {
  /** Of the command that shows the same in full. */
  command: string;
  /** After so many minutes it is given up, and its goals count as missed. */
  withinMinutes: number;
  /** Loads what it needs only when it is its turn. */
  rows(): Promise<GoalRow[]>;
}
