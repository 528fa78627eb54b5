import { historyBudget, longestRunSeconds, planLongestRun } from '../request/longest-run.ts';
import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** The waits of one run must fit one execution: its history has a limit, and so has its time. */
export const runFitsExecution: Precondition = {
  id: 'run-fits-execution',
  engines: 'all',
  looksAt:
    'The longest time that the run may wait, and the history events of that time, against the limits of one execution.',
  check: ({ request, now }) => {
    const { seconds, events, waits } = planLongestRun(request, now);
    if (events <= historyBudget && seconds <= longestRunSeconds) {
      return [];
    }
    const days = (value: number) => Math.ceil(value / 86_400);
    const longest = waits.toSorted((a, b) => b.seconds - a.seconds).slice(0, 3);
    const named = longest.map((wait) => `${wait.name} (up to ${days(wait.seconds)} d)`).join(', ');
    return [
      blocker(
        `the waits of this request could last ${days(seconds)} days and take ${events} events of history; one execution lasts ${days(longestRunSeconds)} days, and ${historyBudget} events are what it may plan with. Shorten the longest waits: ${named}.`,
      ),
    ];
  },
};
