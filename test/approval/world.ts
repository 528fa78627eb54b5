import { executionTag } from '../../functions/domain/ownership.ts';
import type { Clock } from '../../functions/runtime/clock.ts';
import type { Service } from '../../local/aws/service.ts';
import { blueInstance, deploymentId, greenInstance } from './facts.ts';

/** What RDS and CloudWatch say about one deployment. A test changes it as it likes. */
export class World {
  blue = blueInstance();
  green = greenInstance();
  status = 'AVAILABLE';
  lagBytes = 1_048_576;
  /** ARN of the execution that the deployment's tag names. */
  owner = '';
  readonly services: Service[];

  constructor(clock: Clock) {
    this.services = [
      {
        name: 'rds',
        operations: {
          DescribeBlueGreenDeployments: () => ({ BlueGreenDeployments: [this.#deployment()] }),
          DescribeDBInstances: ({ DBInstanceIdentifier }: { DBInstanceIdentifier: string }) => ({
            DBInstances: [this.blue, this.green].filter(
              (one) => one.DBInstanceIdentifier === DBInstanceIdentifier,
            ),
          }),
          DescribeEvents: () => ({ Events: [] }),
        },
      },
      { name: 'monitoring', operations: { GetMetricData: () => this.#lag(clock.now()) } },
    ];
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
    return { MetricDataResults: [{ Id: 'lag', Timestamps, Values: [this.lagBytes, 524_288, 0] }] };
  }
}
