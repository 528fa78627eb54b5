import type {
  DescribeScalableTargetsRequest,
  DescribeScalingPoliciesRequest,
  DescribeScheduledActionsRequest,
  PutScalingPolicyRequest,
  PutScheduledActionRequest,
  RegisterScalableTargetRequest,
} from '@aws-sdk/client-application-auto-scaling';
import type { ControlPlane } from '../rds/control-plane.ts';
import { clusterNamed, type ScalableTarget } from '../rds/world/world.ts';
import { AwsError, type Service } from '../wire/service.ts';

const dimension = 'rds:cluster:ReadReplicaCount';

/**
 * Application Auto Scaling as far as Aurora has it: the readers of a cluster, which is named as `cluster:NAME`. Nothing is scaled here.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/services-that-can-integrate-aurora.html
 */
export function createScalingService({ world, names, clock }: ControlPlane): Service {
  const arnOf = (kind: string, id: string) =>
    `arn:aws:autoscaling:${names.region}:${names.account}:${kind}:local:resource/rds/${id}`;
  const find = (id: string) => world.scaling.find(({ ResourceId }) => ResourceId === id);
  const registered = (id: string | undefined) => {
    const target = find(id ?? '');
    if (target) return target;
    throw new AwsError(
      'ObjectNotFoundException',
      `No scalable target registered for service namespace: rds, resource ID: ${id}, scalable dimension: ${dimension}`,
    );
  };

  return {
    name: 'application-autoscaling',
    operations: {
      DescribeScalableTargets: ({ ResourceIds }: DescribeScalableTargetsRequest) => ({
        ScalableTargets: world.scaling
          .filter(({ ResourceId }) => !ResourceIds || ResourceIds.includes(ResourceId))
          .map(({ policies: _, schedules: __, ...target }) => structuredClone(target)),
      }),
      DescribeScalingPolicies: ({ ResourceId }: DescribeScalingPoliciesRequest) => ({
        ScalingPolicies: structuredClone(
          ofResource(world.scaling, ResourceId).flatMap((one) => one.policies),
        ),
      }),
      DescribeScheduledActions: ({ ResourceId }: DescribeScheduledActionsRequest) => ({
        ScheduledActions: structuredClone(
          ofResource(world.scaling, ResourceId).flatMap((one) => one.schedules),
        ),
      }),
      RegisterScalableTarget: (input: RegisterScalableTargetRequest) => {
        const id = checkRegistration(input, find(input.ResourceId ?? ''));
        if (!clusterNamed(world, id.replace(/^cluster:/, '')))
          throw validation(`The resource ${id} does not exist`);
        const known = find(id) ?? { policies: [], schedules: [] };
        world.scaling = [
          ...world.scaling.filter(({ ResourceId }) => ResourceId !== id),
          {
            ...known,
            ServiceNamespace: 'rds',
            ScalableDimension: dimension,
            ResourceId: id,
            MinCapacity: input.MinCapacity ?? find(id)?.MinCapacity,
            MaxCapacity: input.MaxCapacity ?? find(id)?.MaxCapacity,
            RoleARN: `arn:aws:iam::${names.account}:role/aws-service-role/rds.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_RDSCluster`,
            CreationTime: new Date(clock.now()),
            ...(input.SuspendedState && { SuspendedState: input.SuspendedState }),
          },
        ];
        return { ScalableTargetARN: arnOf('scalableTarget', id) };
      },
      PutScalingPolicy: ({ PolicyName = '', ...input }: PutScalingPolicyRequest) => {
        const target = registered(input.ResourceId);
        const PolicyARN = `${arnOf('scalingPolicy', target.ResourceId)}:policyName/${PolicyName}`;
        const Alarms = ['AlarmHigh', 'AlarmLow'].map((end) => alarmOf(names, target.ResourceId, end));
        target.policies = [
          ...target.policies.filter((policy) => policy.PolicyName !== PolicyName),
          {
            ...input,
            PolicyName,
            PolicyARN,
            PolicyType: input.PolicyType ?? 'StepScaling',
            CreationTime: new Date(clock.now()),
            // Step scaling has the alarms that its owner makes.
            ...(input.PolicyType === 'TargetTrackingScaling' && { Alarms }),
          },
        ];
        return { PolicyARN, ...(input.PolicyType === 'TargetTrackingScaling' && { Alarms }) };
      },
      PutScheduledAction: ({ ScheduledActionName = '', ...input }: PutScheduledActionRequest) => {
        const target = registered(input.ResourceId);
        target.schedules = [
          ...target.schedules.filter((one) => one.ScheduledActionName !== ScheduledActionName),
          {
            ...input,
            ScheduledActionName,
            ScheduledActionARN: `${arnOf('scheduledAction', target.ResourceId)}:scheduledActionName/${ScheduledActionName}`,
            Schedule: input.Schedule ?? '',
            CreationTime: new Date(clock.now()),
          },
        ];
        return {};
      },
    },
  };
}

const ofResource = (targets: ScalableTarget[], id: string | undefined) =>
  targets.filter(({ ResourceId }) => id === undefined || ResourceId === id);

const alarmOf = ({ region, account }: ControlPlane['names'], id: string, end: string) => {
  const AlarmName = `TargetTracking-${id}-${end}-local`;
  return { AlarmName, AlarmARN: `arn:aws:cloudwatch:${region}:${account}:alarm:${AlarmName}` };
};

/** The first registration needs both capacities (API reference, RegisterScalableTarget). */
function checkRegistration(input: RegisterScalableTargetRequest, known: ScalableTarget | undefined): string {
  const { ResourceId = '', ServiceNamespace, ScalableDimension } = input;
  if (ServiceNamespace !== 'rds' || ScalableDimension !== dimension || !/^cluster:.+/.test(ResourceId))
    throw validation(`Unsupported service namespace, resource type or scalable dimension: ${ResourceId}`);
  const [least, most] = [input.MinCapacity ?? known?.MinCapacity, input.MaxCapacity ?? known?.MaxCapacity];
  if (least === undefined || most === undefined)
    throw validation('MinCapacity and MaxCapacity are required to register a scalable target');
  if (least > most) throw validation('Maximum capacity cannot be less than minimum capacity');
  return ResourceId;
}

const validation = (message: string) => new AwsError('ValidationException', message);
