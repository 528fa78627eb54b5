import type { Reading } from '../model/reading.ts';

/** What Application Auto Scaling keeps under the name of an Aurora cluster: enough to register it again. */
export interface Scaling {
  /** Readers, at least and at most. */
  min: number;
  max: number;
  /** `SuspendedState`: what somebody has suspended stays so. */
  suspended: Record<string, boolean>;
  policies: ScalingPolicy[];
  schedules: ScalingSchedule[];
}

export interface ScalingPolicy {
  name: string;
  /** `TargetTrackingScaling`, `StepScaling` … */
  type: string;
  /** Its configuration, as the API has it. */
  settings: object;
  /** Names of the alarms by which it acts: Application Auto Scaling makes them. */
  alarms: string[];
}

export interface ScalingSchedule {
  name: string;
  /** `cron(…)`, `rate(…)` or `at(…)`. */
  schedule: string;
  timezone?: string;
  /** ISO times. */
  from?: string;
  until?: string;
  /** `ScalableTargetAction`. */
  action: object;
}

/** Characters that a run carries of it through its states, of 64 KiB in all. */
const longest = 16_384;

/** The newest reading that tells something; what is larger than a run carries is not known. */
export function keepScaling(
  newest: Reading<Scaling | null>,
  earlier: Reading<Scaling | null> | undefined,
): Reading<Scaling | null> {
  if (!('value' in newest)) return earlier ?? newest;
  const size = JSON.stringify(newest).length;
  return size <= longest ? newest : { unreadable: `its ${size} characters are more than a run carries` };
}
