import type { Kept, ToMake } from '../../domain/close/put-back.ts';
import type { Scaling, ScalingPolicy } from '../../domain/close/scaling.ts';
import { isRead } from '../../domain/model/reading.ts';
import { quote } from '../../domain/model/text.ts';
import { readScaling } from '../auto-scaling/read.ts';
import type { Sides } from './sides.ts';

/**
 * Aurora Auto Scaling. AWS says that its policies have to be made again after a switchover (Aurora user guide, "Limitations for
 * blue/green deployments"); whether the registration under the name goes away by itself is UNCONFIRMED, so that of before the cut
 * is compared with what is there. What somebody has registered meanwhile is left as it is.
 */
export async function scaling({ former, serving, ahead, ...known }: Sides): Promise<Kept[]> {
  const name = serving.cluster?.DBClusterIdentifier;
  if (name === undefined) return [];
  const before = known.scaling ?? { value: await readScaling(former.cluster?.DBClusterIdentifier ?? '') };
  const what = `Aurora Auto Scaling of ${name}`;
  if (!isRead(before))
    return [
      { what, state: 'lacking', because: `it could not be read before the cut (${before.unreadable})` },
    ];
  const wanted = before.value;
  if (!wanted) return [];
  const there = ahead ? null : await readScaling(name);
  return [
    {
      what: `${what}, ${wanted.min} to ${wanted.max} readers`,
      ...judge(there !== null, name, { kind: 'readers', cluster: name, scaling: wanted }),
    },
    ...wanted.policies.map((policy) => ({
      what: `scaling policy ${quote(policy.name)} of ${name}`,
      ...judgePolicy(policy, there, name),
    })),
    ...wanted.schedules.map((one) => ({
      what: `scheduled scaling ${quote(one.name)} of ${name}`,
      ...judge(there?.schedules.some((other) => other.name === one.name) ?? false, name, {
        kind: 'schedule',
        cluster: name,
        schedule: one,
      }),
    })),
  ];
}

function judgePolicy(policy: ScalingPolicy, there: Scaling | null, name: string) {
  const found = there?.policies.find((other) => other.name === policy.name);
  if (policy.type === 'TargetTrackingScaling')
    // Without its alarms a policy is listed and does nothing.
    return judge((found?.alarms.length ?? 0) > 0, name, { kind: 'policy', cluster: name, policy });
  return found
    ? ({ state: 'present' } as const)
    : ({
        state: 'lacking',
        because: `a ${policy.type} policy acts by alarms of yours that name it by its ARN, and a new one has another: make both again`,
      } as const);
}

const judge = (isThere: boolean, name: string, put: ToMake) =>
  isThere
    ? ({ state: 'present' } as const)
    : ({ state: 'lacking', because: `nothing of it is in force for ${name}`, put } as const);
