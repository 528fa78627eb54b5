import { expect, it } from 'vitest';
import type { DataPlane } from '../../packages/local-aws/rds/data-plane.ts';
import { WriteObserver } from '../../rehearsal/observe.ts';

it('counts an opening from when the database was last seen closed, and never before what happened earlier', async () => {
  let time = 0;
  const answers: Record<string, boolean[]> = {
    blue: [true, false, false],
    green: [false, false, true],
  };
  // Every answer takes a second, as on a machine that is busy.
  const isWritable = async (resourceId: string) => {
    time += 1_000;
    return answers[resourceId]?.shift() ?? false;
  };
  const plane = { isWritable } as unknown as DataPlane;
  const observer = new WriteObserver(
    plane,
    () => ['blue', 'green'],
    () => time,
  );
  for (let look = 0; look < 3; look += 1) await observer.stop();
  expect(observer.changes).toEqual([
    { at: 1_000, resourceId: 'blue', writable: true },
    { at: 3_000, resourceId: 'blue', writable: false },
    // It was asked at 3 s, and the next time at 5 s.
    { at: 3_000, resourceId: 'green', writable: true },
  ]);
});
