import { isRead, type Reading } from '../model/reading.ts';
import type { RuleFinding } from './facts.ts';

/** The change would fail, or lose something: the run is refused. */
export function blocker(message: string): RuleFinding {
  return { severity: 'blocker', message };
}

/** It works, but a person should know before saying yes. */
export function warning(message: string): RuleFinding {
  return { severity: 'warning', message };
}

/** The rule could not be judged. That refuses as a blocker does: unknown is not OK. */
export function unknown(message: string): RuleFinding {
  return { severity: 'unknown', message };
}

/** Judges what was read; what was not is unknown. `subject` begins a sentence: "the quotas of the account". */
export function whenRead<Value>(
  reading: Reading<Value>,
  subject: string,
  judge: (value: Value) => RuleFinding[],
): RuleFinding[] {
  return isRead(reading)
    ? judge(reading.value)
    : [
        unknown(
          `${subject} could not be read (${reading.unreadable}), so this rule cannot be judged. Give the run the right to read it, then start again.`,
        ),
      ];
}
