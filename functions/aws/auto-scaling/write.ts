import {
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import type { Scaling, ScalingPolicy, ScalingSchedule } from '../../domain/close/scaling.ts';
import { scalingWriter } from '../clients/auto-scaling.ts';
import { readersOf } from './read.ts';

/** Lets the readers of a cluster be scaled, between these numbers. */
export async function registerReaders(cluster: string, { min, max, suspended }: Scaling): Promise<void> {
  await scalingWriter().send(
    new RegisterScalableTargetCommand({
      ...readersOf(cluster),
      MinCapacity: min,
      MaxCapacity: max,
      ...(Object.keys(suspended).length > 0 && { SuspendedState: suspended }),
    }),
  );
}

/** Makes a policy that tracks a target; Application Auto Scaling makes the alarms of it. */
export async function putTrackingPolicy(cluster: string, { name, settings }: ScalingPolicy): Promise<void> {
  await scalingWriter().send(
    new PutScalingPolicyCommand({
      ...readersOf(cluster),
      PolicyName: name,
      PolicyType: 'TargetTrackingScaling',
      // As the API has given it.
      TargetTrackingScalingPolicyConfiguration: settings as { TargetValue: number },
    }),
  );
}

export async function putSchedule(
  cluster: string,
  { name, schedule, timezone, from, until, action }: ScalingSchedule,
): Promise<void> {
  await scalingWriter().send(
    new PutScheduledActionCommand({
      ...readersOf(cluster),
      ScheduledActionName: name,
      Schedule: schedule,
      ScalableTargetAction: action,
      ...(timezone && { Timezone: timezone }),
      ...(from && { StartTime: new Date(from) }),
      ...(until && { EndTime: new Date(until) }),
    }),
  );
}
