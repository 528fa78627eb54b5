import { describe, expect, it } from 'vitest';
import type { Fault, MomentEffects } from '../../rds/faults.ts';
import type { Behaviour } from '../../rds/simulated-data-plane.ts';
import { addAurora, addPostgres, createAndWait, describeDeployment, minute, startWorld } from './world.ts';

async function created(faults: Fault[], behaviour: Partial<Behaviour> = {}) {
  const world = startWorld({ faults }, behaviour);
  const blue = await addPostgres(world);
  const id = await createAndWait(world, blue.DBInstanceArn, { TargetEngineVersion: '17.10' });
  return { world, blue, id };
}

describe('a build that fails', () => {
  const cases: [string, Fault[], Partial<Behaviour>][] = [
    ['by script', [{ moment: 'build', effect: { fail: 'incompatible parameters' } }], {}],
    ['in the data plane', [], { buildFailure: 'incompatible parameters' }],
  ];
  it.each(cases)(
    '%s: INVALID_CONFIGURATION, a failed task, the reason, event 0245',
    async (_, faults, behaviour) => {
      const { world, blue, id } = await created(faults, behaviour);
      const shown = await describeDeployment(world, id);
      expect(shown).toMatchObject({
        Status: 'INVALID_CONFIGURATION',
        StatusDetails: 'incompatible parameters',
      });
      expect(shown.Tasks.map((task: { Status: string }) => task.Status)).toContain('FAILED');
      expect(world.eventIds()).toEqual(['0245']);
      expect(world.dataPlane.writable()).toEqual([blue.DbiResourceId]);
      await world.call('DeleteBlueGreenDeployment', {
        BlueGreenDeploymentIdentifier: id,
        DeleteTarget: true,
      });
      await world.wait(10 * minute);
      const { DBInstances } = await world.call('DescribeDBInstances');
      expect(
        DBInstances.map((known: { DBInstanceIdentifier: string }) => known.DBInstanceIdentifier),
      ).toEqual(['orders']);
    },
  );

  it('never ends', async () => {
    const { world, id } = await created([{ moment: 'build', effect: 'never-ends' }]);
    await world.wait(48 * 60 * minute);
    expect((await describeDeployment(world, id)).Status).toBe('PROVISIONING');
  });
});

describe('an AVAILABLE that is not to be trusted', () => {
  it('flaps', async () => {
    const world = startWorld({ faults: [{ moment: 'available', effect: { flapFor: 30_000 } }] });
    const source = await addPostgres(world);
    const { BlueGreenDeployment } = await world.call('CreateBlueGreenDeployment', {
      BlueGreenDeploymentName: 'viridian-test',
      Source: source.DBInstanceArn,
    });
    const seen: string[] = [];
    for (let elapsed = 0; elapsed < 240; elapsed += 1) {
      const { Status } = await describeDeployment(world, BlueGreenDeployment.BlueGreenDeploymentIdentifier);
      if (seen.at(-1) !== Status) seen.push(Status);
      await world.wait(10_000);
    }
    expect(seen).toEqual(['PROVISIONING', 'AVAILABLE', 'PROVISIONING', 'AVAILABLE']);
  });

  it('has a status that nobody knows', async () => {
    const { world, id } = await created([{ moment: 'available', effect: { status: 'RECONCILING' } }]);
    expect((await describeDeployment(world, id)).Status).toBe('RECONCILING');
  });

  it('has such a status only for a while when told so', async () => {
    const { world, id } = await created([
      { moment: 'available', effect: { status: 'RECONCILING', forMs: 120 * minute } },
    ]);
    expect((await describeDeployment(world, id)).Status).toBe('RECONCILING');
    await world.wait(120 * minute);
    expect((await describeDeployment(world, id)).Status).toBe('AVAILABLE');
  });

  it('has a member that stays in storage-optimization', async () => {
    const { world, id } = await created([
      { moment: 'available', effect: { memberStatus: 'storage-optimization' } },
    ]);
    await world.wait(24 * 60 * minute);
    expect((await describeDeployment(world, id)).Status).toBe('AVAILABLE');
    await expect(
      world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id }),
    ).rejects.toMatchObject({ name: 'InvalidBlueGreenDeploymentStateFault' });
  });
});

describe('a switchover that does not happen', () => {
  const cases: [string, Fault[], Partial<Behaviour>, string, string][] = [
    [
      'refused by a guardrail',
      [],
      { guardrails: ['long transaction on blue'] },
      'AVAILABLE',
      'long transaction on blue',
    ],
    [
      'refused by script, leaving SWITCHOVER_FAILED',
      [{ moment: 'guardrails', effect: { refuse: 'lag', leaves: 'SWITCHOVER_FAILED' } }],
      {},
      'SWITCHOVER_FAILED',
      'lag',
    ],
    ['timed out by script', [{ moment: 'cut', effect: { timesOut: true } }], {}, 'AVAILABLE', 'timed out'],
    ['timed out in the data plane', [], { cutMs: 600_000 }, 'AVAILABLE', 'did not catch up'],
  ];
  it.each(cases)(
    '%s: everything is as before, the reason stands in events',
    async (_, faults, behaviour, status, reason) => {
      const { world, blue, id } = await created(faults, behaviour);
      await world.call('SwitchoverBlueGreenDeployment', {
        BlueGreenDeploymentIdentifier: id,
        SwitchoverTimeout: 120,
      });
      await world.wait(5 * minute);
      const shown = await describeDeployment(world, id);
      expect(shown).toMatchObject({ Status: status, Source: blue.DBInstanceArn });
      expect(shown.StatusDetails).toBeUndefined();
      expect(world.eventIds()).toEqual(expect.arrayContaining(['0249', '0252']));
      expect(world.events.at(-1)?.detail.Message).toContain(reason);
      expect(world.dataPlane.leadsTo('orders')).toBe(blue.DbiResourceId);
      expect(world.dataPlane.writable()).toEqual([blue.DbiResourceId]);
    },
  );

  it('stops writes on blue while it runs into its timeout', async () => {
    const { world, id } = await created([{ moment: 'cut', effect: { timesOut: true } }]);
    await world.call('SwitchoverBlueGreenDeployment', {
      BlueGreenDeploymentIdentifier: id,
      SwitchoverTimeout: 120,
    });
    await world.wait(minute);
    expect(world.dataPlane.writable()).toEqual([]);
  });
});

describe('a switchover of which one member fails', () => {
  it('is completed, with a row that says FAILED and an instance that kept its names', async () => {
    const world = startWorld({ faults: [{ moment: 'completion', effect: { memberFails: 2 } }] });
    const blue = await addAurora(world);
    const id = await createAndWait(world, blue.DBClusterArn);
    await world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await world.wait(5 * minute);
    const shown = await describeDeployment(world, id);
    expect(shown.Status).toBe('SWITCHOVER_COMPLETED');
    expect(shown.SwitchoverDetails.map((row: { Status: string }) => row.Status)).toEqual([
      'SWITCHOVER_COMPLETED',
      'SWITCHOVER_COMPLETED',
      'SWITCHOVER_FAILED',
      'SWITCHOVER_COMPLETED',
    ]);
    expect(world.dataPlane.leadsTo('ledger-2')).toBe(blue.DbClusterResourceId);
  });
});

describe('refusals and late answers by script', () => {
  it('refuses the nth call only', async () => {
    const world = startWorld({
      faults: [{ operation: 'DescribeDBInstances', nth: 2, effect: { error: 'AccessDenied', status: 403 } }],
    });
    await addPostgres(world);
    await world.call('DescribeDBInstances');
    await expect(world.call('DescribeDBInstances')).rejects.toMatchObject({
      name: 'AccessDenied',
      status: 403,
    });
    await world.call('DescribeDBInstances');
  });

  it('does not show a created deployment for some calls', async () => {
    const world = startWorld({
      faults: [{ operation: 'CreateBlueGreenDeployment', effect: { staleReads: 2 } }],
    });
    const blue = await addPostgres(world);
    const { BlueGreenDeployment } = await world.call('CreateBlueGreenDeployment', {
      BlueGreenDeploymentName: 'viridian-test',
      Source: blue.DBInstanceArn,
    });
    const id = BlueGreenDeployment.BlueGreenDeploymentIdentifier;
    for (let read = 0; read < 2; read += 1)
      await expect(describeDeployment(world, id)).rejects.toMatchObject({
        name: 'BlueGreenDeploymentNotFoundFault',
      });
    expect((await describeDeployment(world, id)).Status).toBe('PROVISIONING');
  });

  it('shows the old names for some calls after the cut, when told to be eventually consistent', async () => {
    const world = startWorld({ staleReads: 3 });
    const blue = await addPostgres(world);
    const id = await createAndWait(world, blue.DBInstanceArn);
    for (let read = 0; read < 3; read += 1) await world.call('DescribeDBInstances');
    await world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    for (let read = 0; read < 3; read += 1) await world.call('DescribeDBInstances');
    await world.wait(5 * minute);
    const sources: string[] = [];
    for (let read = 0; read < 4; read += 1)
      sources.push((await describeDeployment(world, id)).Source.split(':').at(-1));
    expect(sources).toEqual(['orders', 'orders', 'orders', 'orders-old1']);
  });

  it('throttles beyond 300 calls at once, admits 12 a second after that, and saves up no more than 300', async () => {
    const world = startWorld({ throttling: true });
    for (let call = 0; call < 300; call += 1) await world.call('DescribeDBInstances');
    await expect(world.call('DescribeDBInstances')).rejects.toMatchObject({ name: 'Throttling' });
    for (const [pause, admitted] of [
      [1_000, 12],
      [60 * minute, 300],
    ] as const) {
      await world.wait(pause);
      for (let call = 0; call < admitted; call += 1) await world.call('DescribeDBInstances');
      await expect(world.call('DescribeDBInstances')).rejects.toMatchObject({ name: 'Throttling' });
    }
  });
});

describe('events on their way', () => {
  const cases: [MomentEffects['event'], string[]][] = [
    ['drop', ['0247', '0250']],
    ['duplicate', ['0244', '0244', '0247', '0250']],
    [{ delayMs: 24 * 60 * minute }, ['0247', '0250']],
  ];
  it.each(cases)('%o', async (effect, expected) => {
    const { world, id } = await created([{ moment: 'event', eventId: '0244', effect }]);
    await world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await world.wait(1_000);
    expect(world.eventIds()).toEqual(expected);
    const { Events } = await world.call('DescribeEvents', { SourceType: 'blue-green-deployment' });
    expect(Events).toHaveLength(3);
  });
});
