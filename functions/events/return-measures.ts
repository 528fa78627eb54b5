import type { RunStory } from '../aws/run-story.ts';
import type { Run } from '../aws/runs.ts';
import { measureEnd } from './execution-measures.ts';

/** Writes how an execution that goes back has ended, and how long nobody can have written. */
export function measureReturn(stateMachineArn: string, run: Run, story: RunStory): void {
  const measure = measureEnd(stateMachineArn, run, story, 'Returns');
  const seconds = measureReturnGap(story);
  if (seconds !== undefined) measure([{ name: 'ReturnGapSeconds', value: seconds, unit: 'Seconds' }]);
}

/** From the first step that holds writes to the side that took them again. Undefined: no side was opened. */
export function measureReturnGap({ entered, answered }: RunStory): number | undefined {
  const begin = entered.find(({ state }) => /^(Stop writes|Fence new production)/.test(state))?.at;
  const opened = Math.max(
    ...[
      'Open blue for writes',
      'Stay on new production',
      'Resume writes',
      'Resume writes and wait for the answer',
    ].map((state) => answered.get(state) ?? 0),
  );
  return begin === undefined || opened === 0 ? undefined : (opened - begin) / 1000;
}
