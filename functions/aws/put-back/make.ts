import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import type { ToMake } from '../../domain/close/put-back.ts';
import { putSchedule, putTrackingPolicy, registerReaders } from '../auto-scaling/write.ts';
import { cloudWatchWriter } from '../clients/cloudwatch.ts';
import { addEventSource, addRole, addTags } from '../rds/write.ts';

/** Makes one thing on the side that serves. Apart from what finds it, so that a function that only looks ahead cannot call it. */
export async function make(thing: ToMake): Promise<void> {
  switch (thing.kind) {
    case 'role':
      return addRole(thing.of, thing.name, thing.role, thing.feature);
    case 'event source':
      return addEventSource(thing.subscription, thing.name);
    case 'readers':
      return registerReaders(thing.cluster, thing.scaling);
    case 'policy':
      return putTrackingPolicy(thing.cluster, thing.policy);
    case 'schedule':
      return putSchedule(thing.cluster, thing.schedule);
    case 'tags':
      return addTags(thing.arn, thing.tags);
    case 'alarm':
      await cloudWatchWriter().send(new PutMetricAlarmCommand(thing.settings as PutMetricAlarmCommandInput));
  }
}
