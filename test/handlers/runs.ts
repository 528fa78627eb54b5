import { asSide } from '../../functions/aws/rds/side.ts';
import type { Deployment } from '../../functions/domain/model/deployment.ts';
import { requestSchema } from '../../functions/domain/request/request.ts';
import { executionArn, instance, record } from './fake-rds.ts';

export const blueId = 'db-BLUE';
export const greenId = 'db-GREEN';

export const request = requestSchema.parse({
  database: 'orders',
  target: { engineVersion: '17.10' },
  approval: { required: false },
});

const blue = instance('orders', blueId);
const green = instance('orders-green-abc123', greenId, { EngineVersion: '17.10' });

/** What RDS describes before the cut, and the run's own data of that time. */
export const beforeCut = {
  described: () => ({ instances: [blue, green], records: [record('AVAILABLE')] }),
  deployment: {
    name: 'viridian-db-orders',
    id: 'bgd-1',
    status: 'AVAILABLE',
    replication: 'logical',
    database: {
      kind: 'instance',
      id: 'orders',
      arn: 'arn:aws:rds:eu-west-1:111122223333:db:orders',
      engine: 'postgres',
      account: '111122223333',
      region: 'eu-west-1',
    },
    blue: asSide({ instances: [blue] }),
    green: asSide({ instances: [green] }),
  } satisfies Deployment as Deployment,
};

const oldBlue = instance('orders-old1', blueId);
const production = instance('orders', greenId, { EngineVersion: '17.10' });

/** The same after the cut: the names are exchanged, the resource ids are not. */
export const afterCut = {
  described: () => ({ instances: [oldBlue, production], records: [record('SWITCHOVER_COMPLETED')] }),
  deployment: {
    ...beforeCut.deployment,
    status: 'SWITCHOVER_COMPLETED',
    blue: asSide({ instances: [oldBlue] }),
    green: asSide({ instances: [production] }),
  } satisfies Deployment as Deployment,
};

export const event = (deployment: Deployment) => ({ executionArn, request, deployment });
