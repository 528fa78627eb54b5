import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostgresDataPlane } from '../../../packages/local-aws/postgres/data-plane.ts';
import { verifyWrites } from '../../../packages/local-aws/postgres/verify.ts';
import { clientOf, openBlue } from '../../../packages/local-aws/test/postgres/plane.ts';
import { KINDS, kindOf } from '../../../rehearsal/workload/clients/client-kinds.ts';
import { Workload, type WorkloadResult } from '../../../rehearsal/workload/workload.ts';

const overriding = [
  'start-up option',
  'BEGIN READ WRITE',
  'SET SESSION CHARACTERISTICS',
  'two-phase commit',
  'Postgres.js',
  'SET TRANSACTION',
];

let plane: PostgresDataPlane;
let firstWriter = 1;
beforeAll(async () => {
  plane = await openBlue();
});
afterAll(() => plane.dispose());

/** Writers of one kind, of which nobody else has the numbers. */
async function startWriters(kind: string): Promise<Workload> {
  const { port } = plane.endpoint('shop');
  const workload = await Workload.start(port, { kinds: [kind], writers: 2, firstWriter });
  firstWriter += 2;
  return workload;
}

async function writeOn(workload: Workload, more: number): Promise<void> {
  const from = workload.acknowledged;
  while (workload.acknowledged < from + more) await sleep(10);
}

const prepared = async () =>
  (await plane.database('db-blue').sql.query('SELECT gid FROM pg_prepared_xacts')).rows;

async function expectAllOnce({ writes, acknowledged }: WorkloadResult): Promise<void> {
  const rows = await verifyWrites(plane.database('db-blue'), writes);
  expect(rows).toMatchObject({ acknowledged, lost: 0, doubled: 0 });
  expect(await prepared()).toEqual([]);
}

it('spreads writers over all kinds', () => {
  const names = KINDS.map((_, index) => kindOf(index + 1).name);
  expect(new Set(names).size).toBe(KINDS.length);
  expect(kindOf(KINDS.length + 2)).toBe(KINDS[1]);
});

describe.each(KINDS.map(({ name }) => name))('a client of the kind %s', (kind) => {
  it('writes, and says which database took it', async () => {
    const workload = await startWriters(kind);
    await writeOn(workload, 40);
    const result = await workload.stop();
    expect(result.errors).toEqual({});
    expect(result.clients).toEqual([
      { kind, writers: 2, acknowledged: result.acknowledged, refused: 0, errors: 0, atOldAddress: 0 },
    ]);
    expect(new Set(result.writes.map(({ server }) => server))).toEqual(new Set(['db-blue']));
    expect(result.writes.every(({ askedAt, at }) => askedAt > 0 && askedAt <= at)).toBe(true);
    await expectAllOnce(result);
  });

  it('knows what became of each write when its server crashes under it', async () => {
    const { server } = plane.database('db-blue');
    const workload = await startWriters(kind);
    await writeOn(workload, 40);
    server.signal('SIGQUIT');
    await server.stop();
    await server.start();
    await writeOn(workload, 40);
    const result = await workload.stop();
    expect(Object.keys(result.errors)).not.toEqual([]);
    await expectAllOnce(result);
  });

  it(`${overriding.includes(kind) ? 'gets round' : 'keeps'} a read-only default`, async () => {
    const { sql } = plane.database('db-blue');
    const workload = await startWriters(kind);
    await sql.query('ALTER DATABASE app SET default_transaction_read_only = on');
    await sql.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'");
    if (overriding.includes(kind)) await writeOn(workload, 20);
    else while (!workload.errors['25006']) await sleep(10);
    await sql.query('ALTER DATABASE app RESET default_transaction_read_only');
    const result = await workload.stop();
    const [{ refused } = { refused: 0 }] = result.clients;
    expect(refused > 0).toBe(!overriding.includes(kind));
    await expectAllOnce(result);
  });
});

describe('a client of two-phase commit', () => {
  it('finishes what it has left prepared when its connection broke', async () => {
    const workload = await startWriters('two-phase commit');
    // Between the two commits is a moment, so connections are broken until one was hit there. Nobody signs in while that is looked at.
    const { sql } = plane.database('db-blue');
    do {
      await sql.query('ALTER ROLE app CONNECTION LIMIT -1');
      await writeOn(workload, 1);
      await sql.query('ALTER ROLE app CONNECTION LIMIT 0');
      await sql.query("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'app'");
    } while ((await prepared()).length === 0);
    await sql.query('ALTER ROLE app CONNECTION LIMIT -1');
    await writeOn(workload, 20);
    const result = await workload.stop();
    await expectAllOnce(result);
  });

  it('leaves nothing prepared when it is ended by force', async () => {
    const workload = await startWriters('two-phase commit');
    await writeOn(workload, 10);
    const client = await clientOf(plane, 'shop');
    await client.query('BEGIN');
    await client.query(
      "INSERT INTO viridian_rehearsal.history (account_id, amount, note) VALUES (1, 0, 'left')",
    );
    await client.query(`PREPARE TRANSACTION 'rehearsal ${firstWriter - 1}/0'`);
    await expectAllOnce(await workload.stop(0));
  });
});
