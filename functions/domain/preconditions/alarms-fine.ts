import { judgeAlarm } from '../bake/alarms.ts';
import { isRead } from '../model/reading.ts';
import type { Precondition, RuleFinding } from './facts.ts';
import { blocker, unknown } from './finding.ts';

/** An alarm that is to judge new production must exist and be OK before anything is changed. */
export const alarmsFine: Precondition = {
  id: 'alarms-fine',
  engines: 'all',
  looksAt: 'Whether every alarm of `bake.alarms` exists, is OK and can be read.',
  check: ({ request, alarms }) =>
    request.bake.alarms.flatMap((name): RuleFinding[] => {
      const reading = alarms.find((alarm) => alarm.name === name);
      const word = reading && judgeAlarm(reading);
      if (word?.kind === 'fine') {
        return [];
      }
      const because = word?.because ?? `alarm ${name} was not read`;
      return [
        reading && isRead(reading.seen)
          ? blocker(
              `${because}; a bake cannot be judged by it. Mend what it watches or the alarm itself, or take it out of bake.alarms.`,
            )
          : unknown(`${because}. Give the run the right to read it, then start again.`),
      ];
    }),
};
