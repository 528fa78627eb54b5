import { describe, expect, it } from 'vitest';
import type { Change } from '../../rds/simulated-data-plane.ts';
import { replay, stateAt } from '../../rds/timeline.ts';
import { addPostgres, createAndWait, minute, startWorld } from './world.ts';

describe('the timeline', () => {
  it('shows a second writer that was there for no time at all', () => {
    const history: Change[] = [
      { at: 0, kind: 'writable', resourceId: 'blue', writable: true },
      { at: 5, kind: 'writable', resourceId: 'green', writable: true },
      { at: 5, kind: 'writable', resourceId: 'blue', writable: false },
    ];
    expect(Math.max(...replay(history).map(({ writable }) => writable.size))).toBe(2);
    expect([...stateAt(history, 4).writable]).toEqual(['blue']);
    expect([...stateAt(history, 5).writable]).toEqual(['green']);
  });

  it('of a switchover has never two writers, and production’s name leads to one outside the cut', async () => {
    const world = startWorld({}, { cutMs: 3_000 });
    const blue = await addPostgres(world);
    const id = await createAndWait(world, blue.DBInstanceArn);
    await world.call('SwitchoverBlueGreenDeployment', { BlueGreenDeploymentIdentifier: id });
    await world.wait(5 * minute);
    const moments = replay(world.dataPlane.history);
    expect(Math.max(...moments.map(({ writable }) => writable.size))).toBe(1);
    const fenced = moments.findIndex(({ writable, leadsTo }) => leadsTo.has('orders') && writable.size === 0);
    const opened = moments.findIndex(({ writable }, index) => index > fenced && writable.size === 1);
    expect((moments[opened]?.at ?? 0) - (moments[fenced]?.at ?? 0)).toBe(3_000);
    for (const { writable, leadsTo } of [...moments.slice(2, fenced), ...moments.slice(opened)])
      expect([...writable]).toEqual([leadsTo.get('orders')]);
  });
});
