import type { Verdict } from '../model/deployment.ts';
import { notYet } from '../model/not-yet.ts';
import { isRead, type Reading } from '../model/reading.ts';

/** One alarm as CloudWatch describes it; null when there is none of that name. */
export interface AlarmReading {
  name: string;
  seen: Reading<{ state: string; actionsEnabled: boolean } | null>;
}

/** The verdict on one alarm: `fine`, `firing`, or `unclear`. */
export interface AlarmVerdict {
  kind: 'fine' | 'firing' | 'unclear';
  because: string;
}

/** What is unclear cannot pass a gate, however long it is waited for. */
const makeClear =
  'see to it that the alarm exists, may be read, has data and its actions switched on, or leave it out of bake.alarms';

/** Judges one alarm. A state that is neither OK nor ALARM is unclear, and unclear is not healthy. */
export function judgeAlarm({ name, seen }: AlarmReading): AlarmVerdict {
  if (!isRead(seen)) {
    return { kind: 'unclear', because: `alarm ${name} could not be read: ${seen.unreadable}` };
  }
  if (seen.value === null) {
    return { kind: 'unclear', because: `alarm ${name} does not exist` };
  }
  const { state, actionsEnabled } = seen.value;
  if (state === 'ALARM') {
    return { kind: 'firing', because: `alarm ${name} is in ALARM` };
  }
  if (state !== 'OK') {
    return { kind: 'unclear', because: `alarm ${name} is ${state || 'without a state'}` };
  }
  return actionsEnabled
    ? { kind: 'fine', because: `alarm ${name} is OK` }
    : { kind: 'unclear', because: `alarm ${name} has its actions switched off` };
}

/** What is said of the alarms that fire, and of those that are unclear. One that is missing from the readings is unclear. */
export function sortAlarms(
  wanted: string[],
  readings: AlarmReading[],
): { firing: string[]; unclear: string[] } {
  const verdicts = wanted.map((name): AlarmVerdict => {
    const reading = readings.find((one) => one.name === name);
    return reading ? judgeAlarm(reading) : { kind: 'unclear', because: `alarm ${name} was not read` };
  });
  const of = (kind: AlarmVerdict['kind']) =>
    verdicts.filter((verdict) => verdict.kind === kind).map(({ because }) => because);
  return { firing: of('firing'), unclear: of('unclear') };
}

/** Whether every alarm that was asked for is fine. A firing alarm is a no; an unclear one is never ready. */
export function judgeAlarms(wanted: string[], readings: AlarmReading[]): Verdict<null> {
  const { firing, unclear } = sortAlarms(wanted, readings);
  if (firing.length > 0) return { kind: 'no', because: firing.join('; ') };
  return unclear.length > 0 ? notYet(unclear.join('; '), makeClear) : { kind: 'ready', facts: null };
}
