import type { Verdict } from '../model/deployment.ts';
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

/**
 * Whether every alarm that was asked for is fine. A firing alarm is a no; an unclear one, or one that is missing from the
 * readings, is never ready.
 */
export function judgeAlarms(wanted: string[], readings: AlarmReading[]): Verdict<null> {
  const verdicts = wanted.map((name): AlarmVerdict => {
    const reading = readings.find((one) => one.name === name);
    return reading ? judgeAlarm(reading) : { kind: 'unclear', because: `alarm ${name} was not read` };
  });
  const firing = verdicts.filter((verdict) => verdict.kind === 'firing');
  if (firing.length > 0) {
    return { kind: 'no', because: firing.map(({ because }) => because).join('; ') };
  }
  const unclear = verdicts.filter((verdict) => verdict.kind === 'unclear');
  return unclear.length > 0
    ? { kind: 'not-yet', because: unclear.map(({ because }) => because).join('; ') }
    : { kind: 'ready', facts: null };
}
