import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Identity, identify } from '../../functions/domain/way-back/identity.ts';
import type { Ask, Place } from '../../functions/sql/contract.ts';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { ownerConnection, withSession } from '../../packages/local-aws/postgres/database.ts';
import { OWNER, type Server } from '../../packages/local-aws/postgres/server/server.ts';
import { copyRunning } from '../../packages/local-aws/postgres/server/snapshot.ts';
import { CUT, clientAt, codeOf } from '../../packages/local-aws/test/postgres/plane.ts';
import {
  afterwards,
  applicationRoles,
  ask,
  codeOfAsking,
  databases,
  openBlueStage,
  openGreenStage,
  production,
  question,
  target,
} from './stage.ts';

/** What is asked after the cut and while going back. The others are asked before it, when nothing tells the servers apart yet. */
type LateAsk = Exclude<
  Ask,
  'preconditions' | 'facts' | 'analyze-step' | 'distinguish' | 'compare-schema' | 'ended-replication'
>;

/** Every question about new production, and about a target that answers as it should. */
function lateQuestions(there: Place, here: Place): { [A in LateAsk]: object } {
  const one = { ...there, databases };
  const both = { production: there, target: here, databases };
  return {
    'hold-writes': { ...one, applicationRoles },
    'release-writes': { ...one, applicationRoles },
    'takes-writes': one,
    'read-side': { ...one, depth: 'server' },
    'load-step': {
      ...{ blue: here, green: there, reader: { user: 'viridian' }, runs: 1 },
      ...{ withinSeconds: 5, statementSeconds: 5, comparedSeconds: 5 },
      source: { kind: 'file', statements: ['SELECT 1'], database: databases[0] },
    },
    'long-transactions': one,
    'end-transactions': one,
    secure: { ...one, applicationRoles, changes: { app: '0' } },
    attach: both,
    watch: both,
    'read-streams': both,
    fence: one,
    drained: { ...there, positions: { app: '0/1' } },
    'foreign-writers': one,
    compare: { ...both, by: 'counts', withinSeconds: 5 },
    detach: one,
    'set-sequences': both,
    open: { open: here, closed: there, databases },
    'probe-write': { ...one, applicationRoles },
    close: { ...one, applicationRoles },
    leftovers: { ...one, applicationRoles },
  };
}

describe('after a cut, while name servers answer that production is old blue', () => {
  let plane: PostgresDataPlane;
  /** As the functions know it: by the name of production. */
  const named = (is: Identity | null): Place => ({
    ...{ resourceId: 'db-green', host: '127.0.0.1', port: plane.endpoint('shop').port },
    is,
  });
  const green = identify({ by: 'mark', mark: 'db-green' }, 'green', { resourceId: 'db-blue', fenced: false });
  const other = identify({ by: 'mark', mark: 'db-green' }, 'target', {
    resourceId: 'db-blue',
    fenced: false,
  });

  /** Everything that a question could have changed on old blue beside rows. */
  const readBlue = async () => {
    const { rows } = await plane.database('db-blue').sql.query(
      `SELECT (SELECT json_agg(r ORDER BY oid) FROM pg_roles r) AS roles, (SELECT json_agg(d ORDER BY oid) FROM pg_database d) AS databases,
              (SELECT json_agg(s) FROM pg_db_role_setting s) AS settings, (SELECT json_agg(p) FROM pg_publication p) AS publications,
              (SELECT json_agg(s.slot_name) FROM pg_replication_slots s) AS slots, (SELECT json_agg(d) FROM pg_shdescription d) AS marks,
              (SELECT json_agg(h) FROM viridian.heartbeat h) AS beats, (SELECT json_agg(p) FROM viridian.probe p) AS probes`,
    );
    return rows[0];
  };

  beforeAll(async () => {
    plane = await openGreenStage();
    const sides = { green: production(plane), blue: target(plane) };
    expect(await ask('distinguish', { ...sides, databases })).toEqual({ by: 'mark', mark: 'db-green' });
    await ask('hold-writes', { ...production(plane), is: green, databases, applicationRoles });
    const cut = await plane.cutOver({ ...CUT, staleForMs: 3_600_000 });
    expect(cut).toEqual({ done: true });
  }, 120_000);
  afterAll(() => plane.dispose());

  it('no question is answered there, and nothing is done', async () => {
    const before = await readBlue();
    const codes = await Promise.all(
      Object.entries(lateQuestions(named(green), { ...target(plane), is: other })).map(
        async ([what, input]) => [what, await codeOfAsking(what as Ask, input as never)],
      ),
    );
    expect(codes).toEqual(codes.map(([what]) => [what, 'other-server']));
    expect(await readBlue()).toEqual(before);
  });

  it('with the comparison taken out, roles are released on old blue, and the application stays held', async () => {
    const input = { ...named(null), databases, applicationRoles };
    expect(await ask('release-writes', input)).toEqual({ released: applicationRoles, stillHeld: [] });
    expect(await codeOf(clientAt(plane.database('db-green').server.port))).toBe('53300');
  });

  it('an application that may not write is seen, also where roles are held', async () => {
    const input = { ...production(plane), is: green, databases, applicationRoles };
    expect(await ask('probe-write', input)).toEqual({ writable: { app: false }, held: applicationRoles });
  });

  it('a target is not asked by a name that leads to new production', async () => {
    const there = { ...production(plane), resourceId: 'db-blue', is: other, databases };
    expect(await codeOfAsking('fence', there)).toBe('other-server');
  });

  it('once the name leads there, everything goes its way, and leaves no row behind', async () => {
    await plane.pointEndpoint('shop', undefined);
    await plane.pointEndpoint('shop', 'db-green');
    const input = { ...named(green), databases, applicationRoles };
    expect(await ask('release-writes', input)).toEqual({ released: applicationRoles, stillHeld: [] });
    expect(await ask('probe-write', input)).toEqual({ writable: { app: true }, held: [] });
    const { rows } = await plane.database('db-green').sql.query('SELECT FROM viridian.probe');
    expect(rows).toEqual([]);
  });

  it('a target carries its own mark from its fence on', async () => {
    await ask('fence', { ...target(plane), is: other, databases });
    const fenced: Identity = { mark: 'db-blue' };
    expect(
      await codeOfAsking('leftovers', { ...target(plane), is: fenced, databases, applicationRoles }),
    ).toBe('answered');
    expect(
      await codeOfAsking('leftovers', { ...production(plane), is: fenced, databases, applicationRoles }),
    ).toBe('other-server');
  });

  it('a restart changes nothing of that', async () => {
    const { server } = plane.database('db-green');
    await server.stop();
    await server.start();
    const input = { ...production(plane), is: green, databases, applicationRoles };
    expect(await codeOfAsking('leftovers', input)).toBe('answered');
  });

  it('nor does a standby that takes over', async () => {
    const standby = await startStandby(plane, 'db-green', 17);
    await promote(standby);
    const place = { ...production(plane), port: standby.port, is: green };
    expect(await codeOfAsking('leftovers', { ...place, databases, applicationRoles })).toBe('answered');
  });
});

describe('before the cut', () => {
  it('two names that lead to one server tell nothing apart, and it is not marked', async () => {
    const plane = await openBlueStage({}, 10);
    afterwards(() => plane.dispose());
    const sides = { green: { ...target(plane), resourceId: 'db-green' }, blue: target(plane) };
    expect(await codeOfAsking('distinguish', { ...sides, databases })).toBe('other-server');
    const { rows } = await plane
      .database('db-blue')
      .sql.query("SELECT FROM pg_shdescription WHERE objoid = 'viridian_probe'::regrole");
    expect(rows).toEqual([]);
  });

  it('a mark that cannot be written is said', async () => {
    const plane = await openGreenStage({}, 10);
    afterwards(() => plane.dispose());
    await plane.database('db-green').sql.query('DROP FUNCTION viridian.mark_server(text)');
    const sides = { green: production(plane), blue: target(plane) };
    expect(await question('distinguish', { ...sides, databases })).toMatchObject({
      kind: 'failed',
      code: '42883',
      because: expect.stringContaining('run the setup file there'),
    });
    const { databases: found } = await ask('facts', { ...production(plane), applicationRoles });
    expect(found[0]?.missing).toEqual(['run docs/setup-postgresql.sql in database app']);
  });
});

it('a physical copy is told from its source by the timeline that it begins', async () => {
  const plane = await openBlueStage({}, 10);
  afterwards(() => plane.dispose());
  const copy = await startStandby(plane, 'db-blue', 15);
  const green: Place = { ...target(plane), resourceId: 'db-green', port: copy.port };
  const found = await ask('distinguish', { green, blue: target(plane), databases });
  expect(found).toEqual({ by: 'timeline', timeline: 1 });
  const known = { resourceId: 'db-blue', fenced: false };
  const isOf = (side: 'green' | 'target') => identify(found, side, known);
  const answers = async () =>
    Promise.all(
      [
        { ...green, is: isOf('green') },
        { ...target(plane), is: isOf('target') },
        { ...target(plane), is: isOf('green') },
        { ...green, is: isOf('target') },
      ].map((place) => codeOfAsking('leftovers', { ...place, databases, applicationRoles })),
    );
  expect(await answers()).toEqual(['other-server', 'answered', 'other-server', 'other-server']);
  await promote(copy);
  expect(await answers()).toEqual(['answered', 'answered', 'other-server', 'other-server']);
}, 60_000);

/** A server that follows another one by its log, as the standby of a failover does, or a green of a minor version. */
async function startStandby(plane: PostgresDataPlane, resourceId: string, major: number): Promise<Server> {
  const database = plane.database(resourceId);
  const folder = join(plane.workspace.folder, `copy-of-${resourceId}`);
  await copyRunning(database, folder);
  await appendFile(
    join(folder, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=127.0.0.1 port=${database.server.port} user=${OWNER}'\n`,
  );
  await writeFile(join(folder, 'standby.signal'), '');
  return plane.workspace.startServerFrom(`standby-of-${resourceId}`, major, folder);
}

async function promote(server: Server): Promise<void> {
  await withSession(ownerConnection(server, 'postgres'), (client) => client.query('SELECT pg_promote()'));
}
