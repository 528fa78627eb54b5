import { expect, it, onTestFinished } from 'vitest';
import type { Place } from '../../functions/sql/contract.ts';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { verifyWrites } from '../../packages/local-aws/postgres/verify.ts';
import { WORKLOAD_SCHEMA } from '../../packages/local-aws/postgres/workload-schema.ts';
import { BUILD, CUT, clientOf, codeOf } from '../../packages/local-aws/test/postgres/plane.ts';
import { Workload } from '../../rehearsal/workload/workload.ts';
import { applicationRoles, ask, databases, openBlueStage, secureWayBack, until } from './stage.ts';

/** As the functions know the sides: by the endpoint of RDS, which stays when the server behind it moves. */
const place = (plane: PostgresDataPlane, name: string): Place => ({
  resourceId: name,
  is: null,
  host: '127.0.0.1',
  port: plane.endpoint(name).port,
});

const rowsOfBacklog = 10_000;
/** Committed at once: more than the server, as it is set here, keeps in memory while it decodes, so that it is spilled. */
const largeTransaction = `
INSERT INTO ${WORKLOAD_SCHEMA}.history (account_id, amount, note)
SELECT 1, i, repeat(md5(i::text), 60) FROM generate_series(1, ${rowsOfBacklog}) AS i`;

it('goes back whole after an open transaction at the cut, a large backlog, and a failover of new production', {
  timeout: 180_000,
}, async () => {
  const plane = await openBlueStage();
  onTestFinished(() => plane.dispose());
  await plane.buildGreen(BUILD);
  await plane.pointEndpoint('shop-green-a1b2c3', 'db-green');
  const workload = await Workload.start(plane.endpoint('shop').port, { writers: 4 });
  const writeOn = async (count: number) => {
    const before = workload.acknowledged;
    await until(() => workload.acknowledged > before + count);
  };

  const open = await clientOf(plane, 'shop');
  await open.query(
    `BEGIN; INSERT INTO ${WORKLOAD_SCHEMA}.history (account_id, amount, note) VALUES (1, 1, 'open')`,
  );
  await ask('hold-writes', { ...place(plane, 'shop-green-a1b2c3'), databases, applicationRoles });
  expect(await plane.cutOver(CUT)).toEqual({ done: true });
  expect(await codeOf(open.query('COMMIT'))).not.toBe('none');
  const production = { ...place(plane, 'shop'), databases };
  const target = { ...place(plane, 'shop-old1'), databases };
  const sides = { production: place(plane, 'shop'), target: place(plane, 'shop-old1'), databases };
  await secureWayBack(plane);
  await ask('release-writes', { ...production, applicationRoles });

  const green = plane.database('db-green');
  const blue = plane.database('db-blue');
  await green.sql.query("ALTER SYSTEM SET logical_decoding_work_mem = '1MB'");
  await green.sql.query('SELECT pg_reload_conf()');
  await green.sql.query(largeTransaction);
  await writeOn(200);
  const late = await ask('watch', sides);
  expect(late.streams[0]?.slot?.lagBytes).toBeGreaterThan(10 * 2 ** 20);
  await ask('fence', target);
  await ask('attach', sides);

  // Without warning, and on another port: the endpoint follows, and the stream comes through it.
  green.server.signal('SIGQUIT');
  await green.server.stop();
  green.server.port = 0;
  await green.server.start();
  await writeOn(200);
  const { streams } = await ask('watch', sides);
  const sent = streams[0]?.beat.sent ?? Number.NaN;
  await until(async () => {
    const found = await ask('watch', sides);
    return (found.streams[0]?.beat.arrived ?? 0) >= sent;
  });

  const { positions } = await ask('fence', production);
  await until(async () => {
    const found = await ask('drained', { ...place(plane, 'shop'), positions });
    return found.databases.every(({ drained }) => drained);
  });
  const compared = await ask('compare', { ...sides, by: 'checksums', withinSeconds: 60 });
  expect(compared).toMatchObject({ tables: 5, differing: 0, done: true });
  await ask('detach', target);
  expect(await ask('set-sequences', sides)).toMatchObject({ differing: [] });
  await ask('open', { open: place(plane, 'shop-old1'), closed: place(plane, 'shop'), databases });
  await plane.pointEndpoint('shop', 'db-blue');
  await writeOn(200);
  const result = await workload.stop();

  expect(await verifyWrites(blue, result.writes)).toMatchObject({ lost: 0, doubled: 0 });
  const { rows } = await blue.sql.query<{ large: number; open: number }>(
    `SELECT count(*) FILTER (WHERE length(note) = 1920)::int AS large, count(*) FILTER (WHERE note = 'open')::int AS open
       FROM ${WORKLOAD_SCHEMA}.history`,
  );
  expect(rows).toEqual([{ large: rowsOfBacklog, open: 0 }]);
});
