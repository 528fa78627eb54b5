import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { handler as copySlot } from '../../docs/examples/hooks/consumer-slot.ts';
import type { HookEvent } from '../../docs/examples/hooks/hook.ts';
import type { SideFacts } from '../../functions/domain/hand-over/side-facts.ts';
import { comparePositions } from '../../functions/domain/way-back/log-position.ts';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { OWNER } from '../../packages/local-aws/postgres/server/server.ts';
import { CUT, clientAt } from '../../packages/local-aws/test/postgres/plane.ts';
import {
  applicationRoles,
  ask,
  databases,
  fenceTarget,
  openGreenStage,
  production,
  secureWayBack,
  sides,
  target,
} from './stage.ts';

let plane: PostgresDataPlane;
beforeAll(async () => {
  plane = await openGreenStage();
}, 120_000);
afterAll(() => plane?.dispose());

const onBlue = () => plane.database('db-blue').sql;
const onGreen = () => plane.database('db-green').sql;
const look = () => ask('read-side', { ...target(plane), depth: 'server' });

describe('the replication into green', () => {
  it('is whole, or says what is wrong', async () => {
    const stream = async () => (await ask('read-side', { ...production(plane), depth: 'tables' })).stream;
    await expect.poll(stream, { timeout: 20_000 }).toEqual([]);
    const { rows } = await onGreen().query<{ name: string }>('SELECT subname AS name FROM pg_subscription');
    await onGreen().query(`ALTER SUBSCRIPTION "${rows[0]?.name}" DISABLE`);
    expect(await stream()).toContain(`the stream ${rows[0]?.name} into app is disabled`);
    await onGreen().query(`ALTER SUBSCRIPTION "${rows[0]?.name}" ENABLE`);
    await expect.poll(stream, { timeout: 20_000 }).toEqual([]);
  });
});

describe('a consumer of changes by a logical slot', () => {
  const secrets = mockClient(SecretsManagerClient);
  beforeAll(() => {
    secrets
      .on(GetSecretValueCommand)
      .resolves({ SecretString: JSON.stringify({ username: OWNER, password: 'x' }) });
    for (const [name, value] of Object.entries({
      DATABASE_SECRET: 's',
      DATABASE_NAME: 'app',
      DATABASE_TLS: 'off',
      PLUGIN: 'test_decoding',
    }))
      vi.stubEnv(name, value);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    secrets.restore();
  });

  /** Keys that the consumer reads from its slot, each as often as it comes. */
  async function consume(session: Pick<pg.Pool, 'query'>): Promise<number[]> {
    const { rows } = await session.query<{ data: string }>(
      "SELECT data FROM pg_logical_slot_get_changes('cdc', NULL, NULL)",
    );
    return rows.flatMap(({ data }) => {
      const key = /accounts: INSERT: id\[integer\]:(\d+)/.exec(data)?.[1];
      return key === undefined ? [] : [Number(key)];
    });
  }

  const insert = async (port: number, from: number, to: number) => {
    const application = await clientAt(port);
    for (let id = from; id <= to; id += 1)
      await application.query('INSERT INTO viridian_rehearsal.accounts (id) VALUES ($1)', [id]);
  };

  it('goes on at the handed place of new production, loses no row and repeats none', {
    timeout: 60_000,
  }, async () => {
    await onBlue().query("SELECT pg_create_logical_replication_slot('cdc', 'test_decoding')");
    expect((await look()).consumers).toEqual([
      { name: 'cdc', by: 'slot', active: false, confirmed: expect.stringMatching(/^\d+\/[0-9A-F]+$/) },
    ]);
    await insert(target(plane).port, 100_000, 100_019);
    await ask('hold-writes', { ...production(plane), databases, applicationRoles });
    const seen = await consume(onBlue());
    // With a slot of somebody else RDS would not switch over.
    await onBlue().query("SELECT pg_drop_replication_slot('cdc')");
    const cut = await plane.cutOver(CUT);
    expect(cut.done ? 'done' : cut.reason).toBe('done');
    const { secured } = await secureWayBack(plane);
    const ended = await look();
    await ask('release-writes', { ...production(plane), databases, applicationRoles });
    // Writes are out no longer than without the consumer: it is led over while the application writes.
    await insert(production(plane).port, 100_020, 100_029);

    const endpoint = `127.0.0.1:${production(plane).port}`;
    const server = { id: 'shop', resourceId: 'db', endpoint, because: null };
    const event: HookEvent = {
      stage: 'handOver',
      database: 'shop',
      endpoint,
      deployment: { database: { engine: 'postgres' }, blue: { endpoint } },
      executionArn: 'arn',
      consumer: 'cdc',
      ended: { ...server, log: ended.log },
      begins: {
        ...server,
        places: secured.map(({ database, slot, start }) => ({ database, slot, position: start, gtid: null })),
      },
    };
    const answer = await copySlot(event);
    expect(answer).toEqual({
      verdict: 'pass',
      because: `slot cdc stands at ${secured[0]?.start}`,
      facts: { position: secured[0]?.start },
    });
    expect(await copySlot(event)).toEqual(answer);

    await fenceTarget(plane);
    await ask('attach', { ...sides(plane), databases });
    await insert(production(plane).port, 100_030, 100_039);
    expect([...seen, ...(await consume(onGreen()))]).toEqual(
      Array.from({ length: 40 }, (_, n) => 100_000 + n),
    );
    // Nothing that an application wrote on blue lies behind the noted end of its log.
    const { rows } = await onBlue().query<{ position: string }>(
      'SELECT pg_current_wal_flush_lsn()::text AS position',
    );
    expect(comparePositions(String(ended.log?.position), String(rows[0]?.position))).toBeLessThanOrEqual(0);
    // Too late: the slot of the way back has moved on with its target.
    await onGreen().query("SELECT pg_drop_replication_slot('cdc')");
    await expect
      .poll(async () => (await copySlot({ ...event, consumer: `late_${Date.now()}` })).verdict, {
        timeout: 20_000,
      })
      .toBe('fail');
  });
});

/** Kinds of the catalogs that statements change, by database. */
async function changedBy(...statements: string[]): Promise<string[]> {
  for (const statement of statements) await onGreen().query(statement);
  const before = seen;
  const { catalogs: after } = await ask('read-side', { ...production(plane), depth: 'catalogs' });
  seen = after;
  return Object.entries(after).flatMap(([name, kinds]) =>
    Object.keys(kinds)
      .filter((kind) => kinds[kind] !== before[name]?.[kind])
      .map((kind) => `${kind} of ${name || 'the server'}`),
  );
}
let seen: SideFacts['catalogs'] = {};

describe('the catalogs of a server', () => {
  it('are the same as long as only rows change, whatever the server does of itself', async () => {
    await changedBy();
    expect(
      await changedBy(
        'INSERT INTO viridian_rehearsal.accounts (id) VALUES (4711)',
        "SELECT nextval('viridian_rehearsal.audit_log_id_seq')",
        'ANALYZE',
        'CREATE TEMP TABLE t (id int)',
        'VACUUM FULL viridian_rehearsal.accounts',
        'REINDEX TABLE viridian_rehearsal.accounts',
      ),
    ).toEqual([]);
  });

  it.each([
    ['a table', 'CREATE TABLE public.later (id int)', ['rights of app', 'tables of app']],
    ['a column', 'ALTER TABLE public.later ADD COLUMN n int', ['tables of app']],
    ['a default', 'ALTER TABLE public.later ALTER COLUMN n SET DEFAULT 7', ['tables of app']],
    ['a constraint', 'ALTER TABLE public.later ADD CONSTRAINT c CHECK (n > 0)', ['tables of app']],
    ['an index', 'CREATE INDEX by_n ON public.later (n)', ['indexes of app']],
    [
      'a function',
      'CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
      ['code of app', 'rights of app'],
    ],
    [
      'a body',
      'CREATE OR REPLACE FUNCTION public.f() RETURNS int LANGUAGE sql AS $$ SELECT 2 $$',
      ['code of app'],
    ],
    ['a view', 'CREATE VIEW public.v AS SELECT id FROM public.later', ['code of app', 'rights of app']],
    ['a label', "CREATE TYPE public.mood AS ENUM ('calm')", ['code of app']],
    ['a sequence', 'CREATE SEQUENCE public.s', ['rights of app', 'sequences of app']],
    ['a step', 'ALTER SEQUENCE public.s INCREMENT 5', ['sequences of app']],
    ['a right', 'GRANT SELECT ON public.later TO app', ['rights of app']],
    ['a role', 'CREATE ROLE reporting', ['roles of the server']],
    ['an attribute', 'ALTER ROLE reporting CREATEDB', ['roles of the server']],
    ['a membership', 'GRANT reporting TO app', ['roles of the server']],
    ['a setting', "ALTER ROLE app SET work_mem = '5MB'", ['roles of the server']],
  ])('show %s', async (_what, statement, kinds) => {
    expect((await changedBy(statement)).sort()).toEqual(kinds);
  });
});
