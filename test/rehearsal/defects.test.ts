import { expect, it, onTestFinished } from 'vitest';
import { useLogSink } from '../../functions/runtime/log.ts';
import { makeDefect, refusedFaultsOf } from '../../rehearsal/defects.ts';
import { execute } from '../../rehearsal/execute.ts';
import { readOptions } from '../../rehearsal/options.ts';
import { prepare } from '../../rehearsal/rehearsal.ts';
import { setStage } from '../../rehearsal/stage.ts';

/** How the finding of each fault reads: the check, the object and the way to mend it. */
const findings: Record<string, RegExp> = {
  'no-primary-key': /primary-keys: .*public\.keyless in app.*Give each a primary key/,
  unlogged: /unlogged-tables: .*public\.carts in app.*SET LOGGED/,
  'cdc-slot': /foreign-slots: .*debezium of app.*pg_drop_replication_slot.*consumers/,
  'zero-etl': /zero-etl-integration: .*orders-to-redshift.*Delete it/,
  'dead-proxy': /rds-proxy-healthy: .*orders-pool is UNAVAILABLE.*Mend/,
};

it('a blue with every defect is refused by one run that names them all, and nothing is created', async () => {
  useLogSink(() => {});
  const options = readOptions(['--yes', '--rows', '100'], false);
  if (!options) throw new Error('no options');
  const ends: (() => Promise<void>)[] = [];
  onTestFinished(async () => {
    for (const end of ends.reverse()) await end();
    useLogSink(undefined);
  });
  const stage = await setStage(options, (end) => ends.push(end));
  const scenario = prepare(stage, options);
  await stage.listen(0);
  const { servers, blue } = stage;
  await servers.fill(blue.database, options);
  const refusedFaults = refusedFaultsOf(servers);
  for (const fault of refusedFaults) await makeDefect(stage, fault);
  await servers.prepareWayBack(blue.database);

  const executionArn = await execute(stage, scenario);

  const { status, cause } = stage.account.states.describeExecution(executionArn);
  expect(status).toBe('FAILED');
  expect(Object.keys(findings)).toEqual(refusedFaults);
  for (const finding of Object.values(findings)) expect(cause).toMatch(finding);
  expect(stage.account.rds.world.deployments).toEqual([]);
});
