import { readReadySides } from '../../aws/facts/readiness.ts';
import { lookAhead } from '../../aws/put-back/look-ahead.ts';
import { readSettings } from '../../aws/rds/settings.ts';
import { compareSides } from '../../domain/build/parity.ts';
import { planHash } from '../../domain/build/plan-hash.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { TestFailed } from '../../domain/model/errors.ts';
import { clock } from '../../runtime/clock.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

/**
 * Compares green with blue and with the request, fixes the plan hash that an approval is for, and looks what the cut will do to everything
 * beside the data.
 */
export const handler = task('Check parity', async (event: RunEvent): Promise<Deployment> => {
  const { request, deployment } = event;
  const sides = await readReadySides(event, clock.now());
  const { engine, kind } = deployment.database;
  const pairs = await readSettings(engine, kind, sides);
  const { declared, undeclared } = compareSides(engine, request, sides.blue, sides.green, pairs);
  if (undeclared.length > 0)
    throw new TestFailed(
      `green differs from blue in what nobody asked for:\n${undeclared.join('\n')}\nMend green, or name the fields in tests.allowDifferences.`,
    );
  const hash = planHash({ deploymentId: deployment.id ?? '', blue: sides.blue, green: sides.green });
  const staying = sides.staysBehind.map(
    (name) => `${name} was made by autoscaling after green was built; it stays with old blue`,
  );
  return {
    ...deployment,
    ...sides,
    planHash: hash,
    ...(await lookAhead({ ...deployment, ...sides })),
    differences: [...declared, ...staying, ...(deployment.schema?.warnings ?? [])],
  };
});
