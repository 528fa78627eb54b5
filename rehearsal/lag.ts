import { setTimeout as pause } from 'node:timers/promises';
import type { Report } from './report/types.ts';
import type { Stage } from './stage.ts';

/** The lag as it is now, several times a second of real time, as long as there is replication. */
export function recordLag({ account, plane }: Stage): { points: Report['lag']; stop(): void } {
  const points: Report['lag'] = [];
  let stopped = false;
  void (async () => {
    while (!stopped) {
      const [deployment] = account.rds.world.deployments;
      if (deployment && !deployment.switched) {
        const { lagBytes } = await plane.replication(deployment.id).catch(() => ({ lagBytes: null }));
        points.push({ at: Date.now(), bytes: lagBytes });
      }
      await pause(200);
    }
  })();
  return {
    points,
    stop() {
      stopped = true;
    },
  };
}
