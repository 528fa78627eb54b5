import { expect, it, onTestFinished } from 'vitest';
import { PostgresDataPlane } from '../../../local/postgres/data-plane.ts';
import { measureFloor } from '../../../local/postgres/floor.ts';

it('a bare flip is measured with all its safety steps, and cleans up after itself', async () => {
  const plane = await PostgresDataPlane.open();
  onTestFinished(() => plane.dispose());
  const floor = await measureFloor(plane, { from: '16.1', to: '18.1', writers: 3, writeMs: 200 });
  expect(floor).toMatchObject({ lost: 0, doubled: 0 });
  expect(floor.acknowledged).toBeGreaterThan(20);
  expect(floor.windowMs).toBeGreaterThan(0);
  expect(floor.gapMs).toBeGreaterThan(0);
  expect(() => plane.database('floor-blue')).toThrow('no database');
  expect(() => plane.database('floor-green')).toThrow('no database');
});
