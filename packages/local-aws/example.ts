import {
  CreateBlueGreenDeploymentCommand,
  DescribeBlueGreenDeploymentsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { ControlPlane } from './rds/control-plane.ts';
import { SimulatedDataPlane } from './rds/simulated-data-plane.ts';
import { addParameterGroup } from './rds/world/parameter-groups.ts';
import { addInstance } from './rds/world/seeding.ts';
import { createRdsService } from './services/rds.ts';
import { VirtualClock } from './virtual-clock.ts';
import { createEndpoint } from './wire/endpoint.ts';

const clock = new VirtualClock();
const rds = new ControlPlane({ clock, dataPlane: new SimulatedDataPlane(clock) });
const parameters = { 'rds.logical_replication': '1' };
addParameterGroup(rds, { name: 'pg16', family: 'postgres16', parameters });
const id = { DBInstanceIdentifier: 'orders', EngineVersion: '16.14', parameterGroup: 'pg16' };
const { DBInstanceArn: Source } = await addInstance(rds, id);
const { requestHandler } = createEndpoint({ services: [createRdsService(rds)], clock });
const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
const client = new RDSClient({ region: 'eu-west-1', requestHandler, credentials });

const order = { BlueGreenDeploymentName: 'upgrade', Source, TargetEngineVersion: '17.10' };
await clock.run(client.send(new CreateBlueGreenDeploymentCommand(order)));
await clock.run(clock.sleep(3_600_000));
export const { BlueGreenDeployments } = await clock.run(
  client.send(new DescribeBlueGreenDeploymentsCommand({})),
);
rds.stop();
