import { executionTag } from '../../functions/domain/model/tags.ts';
import type { Clock } from '../../functions/runtime/clock.ts';
import type { AwsError, Service } from '../../packages/local-aws/wire/service.ts';
import { blueInstance, deploymentId, greenInstance } from './facts.ts';

interface InstancesAsked {
  DBInstanceIdentifier?: string;
  Filters?: { Name: string; Values: string[] }[];
}

/** What RDS and CloudWatch say about one deployment. A test changes it as it likes. */
export class World {
  blue = blueInstance();
  green = greenInstance();
  status = 'AVAILABLE';
  lagBytes = 1_048_576;
  /** What RDS answers instead, when it is asked for instances. */
  refusal: AwsError | undefined;
  /** ARN of the execution that the deployment's tag names. */
  owner = '';
  readonly services: Service[];

  constructor(clock: Clock) {
    this.services = [
      {
        name: 'rds',
        operations: {
          DescribeBlueGreenDeployments: () => ({ BlueGreenDeployments: [this.#deployment()] }),
          DescribeDBInstances: (input: InstancesAsked) => this.#instances(input),
          DescribeEvents: () => ({ Events: [] }),
        },
      },
      { name: 'monitoring', operations: { GetMetricData: () => this.#lag(clock.now()) } },
    ];
  }

  #instances({ DBInstanceIdentifier = '', Filters = [] }: InstancesAsked) {
    if (this.refusal) throw this.refusal;
    const names = Filters.find(({ Name }) => Name === 'db-instance-id')?.Values ?? [DBInstanceIdentifier];
    return {
      DBInstances: [this.blue, this.green].filter((one) => names.includes(one.DBInstanceIdentifier ?? '')),
    };
  }

  #deployment() {
    const { blue, green } = this;
    const pair = { SourceMember: blue.DBInstanceArn, TargetMember: green.DBInstanceArn, Status: 'AVAILABLE' };
    return {
      BlueGreenDeploymentIdentifier: deploymentId,
      BlueGreenDeploymentName: 'viridian-orders-eu',
      Source: blue.DBInstanceArn,
      Target: green.DBInstanceArn,
      Status: this.status,
      Tasks: [],
      SwitchoverDetails: [pair],
      TagList: [{ Key: executionTag, Value: this.owner }],
    };
  }

  #lag(now: number) {
    const Timestamps = [1, 2, 3].map((minutes) => new Date(now - minutes * 60_000));
    return {
      MetricDataResults: [
        { Id: 'm0', StatusCode: 'Complete', Timestamps, Values: [this.lagBytes, 524_288, 0] },
      ],
    };
  }
}
