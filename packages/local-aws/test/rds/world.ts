import { ControlPlane, type ControlPlaneOptions } from '../../rds/control-plane.ts';
import type { BusEvent } from '../../rds/events.ts';
import { type Behaviour, SimulatedDataPlane } from '../../rds/simulated-data-plane.ts';
import { addParameterGroup } from '../../rds/world/parameter-groups.ts';
import { addCluster, addInstance } from '../../rds/world/seeding.ts';
import { createRdsService } from '../../services/rds.ts';
import { VirtualClock } from '../../virtual-clock.ts';

export const minute = 60_000;

/** Numbers in [0, 1) that repeat from run to run. */
export function seeded(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** A control plane on a virtual clock, called the way the wire calls it. */
export function startWorld(options: Partial<ControlPlaneOptions> = {}, behaviour: Partial<Behaviour> = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 10, 21, 12));
  const dataPlane = new SimulatedDataPlane(clock, behaviour);
  const rds = new ControlPlane({ clock, dataPlane, random: seeded(), ...options });
  const { operations } = createRdsService(rds);
  const events: BusEvent[] = [];
  rds.onEvent((event) => events.push(event));
  let calls = 0;
  // biome-ignore lint/suspicious/noExplicitAny: the tests read answers field by field
  const call = async (operation: string, input: object = {}): Promise<any> => {
    calls += 1;
    return operations[operation]?.(input, { requestId: `r${calls}`, service: 'rds', operation });
  };
  return {
    clock,
    dataPlane,
    rds,
    events,
    call,
    wait: (milliseconds: number) => clock.run(clock.sleep(milliseconds)),
    eventIds: () => events.map((event) => event.detail.EventID.replace('RDS-EVENT-', '')),
  };
}

export type TestWorld = ReturnType<typeof startWorld>;

/** Blue on 16.14 with all that a logical deployment asks for. */
export async function addPostgres(world: TestWorld, fields: object = {}) {
  addParameterGroup(world.rds, {
    name: 'orders-16',
    family: 'postgres16',
    parameters: { 'rds.logical_replication': '1' },
  });
  return addInstance(world.rds, {
    DBInstanceIdentifier: 'orders',
    EngineVersion: '16.14',
    parameterGroup: 'orders-16',
    TagList: [{ Key: 'team', Value: 'shop' }],
    ...fields,
  });
}

export async function addAurora(world: TestWorld, fields: object = {}) {
  addParameterGroup(world.rds, {
    name: 'ledger-16',
    family: 'aurora-postgresql16',
    level: 'cluster',
    parameters: { 'rds.logical_replication': '1' },
  });
  return addCluster(world.rds, {
    DBClusterIdentifier: 'ledger',
    Engine: 'aurora-postgresql',
    EngineVersion: '16.11',
    DBClusterParameterGroup: 'ledger-16',
    members: [{ DBInstanceIdentifier: 'ledger-1' }, { DBInstanceIdentifier: 'ledger-2' }],
    customEndpoints: ['ledger-reports'],
    TagList: [{ Key: 'team', Value: 'money' }],
    ...fields,
  });
}

/** Creates a deployment and waits until green and its members are ready; gives its id. */
export async function createAndWait(world: TestWorld, source: string, fields: object = {}): Promise<string> {
  const { BlueGreenDeployment } = await world.call('CreateBlueGreenDeployment', {
    BlueGreenDeploymentName: 'viridian-test',
    Source: source,
    ...fields,
  });
  await world.wait(60 * minute);
  return BlueGreenDeployment.BlueGreenDeploymentIdentifier;
}

export async function describeDeployment(world: TestWorld, id: string) {
  const answer = await world.call('DescribeBlueGreenDeployments', { BlueGreenDeploymentIdentifier: id });
  return answer.BlueGreenDeployments[0];
}
