import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SizeStage } from '../../bench/size/stage.ts';
import { namesTold } from '../../functions/domain/model/first-names.ts';
import { checksFor } from '../../functions/domain/preconditions/by-sql/list.ts';
import type { ServerFacts } from '../../functions/domain/way-back/facts.ts';
import { judgeWayBack } from '../../functions/domain/way-back/feasibility.ts';
import type { Answer, Ask } from '../../functions/sql/contract.ts';
import { APP_ROLE } from '../../packages/local-aws/postgres/database.ts';

const applicationRoles = [APP_ROLE];
const plan = { engine: 'postgres', replication: 'logical', from: '15.8', to: '17.4' } as const;

/** Every statement that is sent meanwhile. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    return spy.mock.calls.map(([text]) => (typeof text === 'string' ? text : ''));
  } finally {
    spy.mockRestore();
  }
}

describe('thousands of sequences', () => {
  let stage: SizeStage;
  beforeAll(async () => {
    stage = await SizeStage.open({ target: '15.8', production: '17.4' });
    await stage.fill({ tables: 0, sequences: 5_000 });
    await stage.fillSide('new', { tables: 0, sequences: 10_000 });
    await stage.new.sql.query(
      'SELECT setval(oid::regclass, 7) FROM pg_class WHERE relkind = $1 AND relnamespace = $2::regnamespace',
      ['S', 'public'],
    );
  }, 600_000);
  afterAll(() => stage.close());

  it('are set in pieces, on PostgreSQL 15 as on 17, and those that are missing are counted', async () => {
    const { databases, sides } = stage;
    await stage.ask('fence', { ...sides.production, databases });
    let found: Answer<'set-sequences'> | undefined;
    const statements = await statementsOf(async () => {
      found = await stage.ask('set-sequences', { ...sides, databases });
    });
    expect(found?.set).toBe(10_000);
    expect(found?.differing).toHaveLength(13);
    expect(found?.differing.at(-1)).toBe('and 4988 more');
    const reads = statements.filter((text) => text.includes(' UNION ALL '));
    expect(Math.max(...reads.map((text) => text.split(' UNION ALL ').length))).toBe(100);
    // Read on both sides, set, and read again.
    expect(statements.length).toBeLessThan(100 + 50 + 50 + 50 + 40);
    const { rows } = await stage.old.sql.query<{ set: number }>(
      "SELECT count(*)::int AS set FROM pg_sequences WHERE schemaname = 'public' AND last_value = 7",
    );
    expect(rows).toEqual([{ set: 5_000 }]);
  });

  it('are only read where they stand right already', async () => {
    const { databases, sides } = stage;
    const statements = await statementsOf(() => stage.ask('set-sequences', { ...sides, databases }));
    expect(statements.filter((text) => text.includes('setval'))).toEqual([]);
    expect(statements.length).toBeLessThan(100 + 50 + 40);
  });
});

describe('twenty databases with long names', () => {
  let stage: SizeStage;
  beforeAll(async () => {
    stage = await SizeStage.open({ target: '15.8', production: '17.4' });
    const long = (kind: string, n: number) => `${kind}_${n}_`.padEnd(63, 'x');
    for (const { sql } of [stage.old, stage.new]) {
      for (let n = 0; n < 25; n += 1) {
        await sql.query(
          `CREATE TABLE public.${long('keyless', n)} (word text); CREATE UNLOGGED TABLE public.${long('unlogged', n)} (id int PRIMARY KEY)`,
        );
      }
    }
    await stage.multiply(20, (index) => long('database', index));
  }, 600_000);
  afterAll(() => stage.close());

  /** Every answer of the life of a way back, by its question. */
  const answers = new Map<Ask, number>();
  const ask: SizeStage['ask'] = async (what, input) => {
    const answer = await stage.ask(what, input);
    answers.set(what, Math.max(answers.get(what) ?? 0, Buffer.byteLength(JSON.stringify(answer))));
    return answer;
  };

  it('are asked before a run by so many statements as there are checks and databases, however many tables', async () => {
    const { target, production } = stage.sides;
    const statements = await statementsOf(() => ask('preconditions', { ...target, plan, told: namesTold }));
    const inServer = checksFor(plan).filter(({ of }) => of === 'server').length;
    const inDatabase = checksFor(plan).length - inServer;
    // Signing in, and the list of databases; `postgres` is one of them.
    expect(statements).toHaveLength(inServer + 2 + 21 * (inDatabase + 1));
    const looks = await statementsOf(() => ask('read-side', { ...target, depth: 'catalogs' }));
    expect(looks).toHaveLength(6 + 21 * 4);
    await ask('compare-schema', { blue: target, green: production });
  });

  it('fill no answer: the first of each list are told, and how many others there are', async () => {
    const facts = (await ask('facts', { ...stage.sides.target, applicationRoles })) as ServerFacts;
    expect(facts.databases).toHaveLength(20);
    expect(facts.databases[0]?.withoutIdentity).toHaveLength(13);
    expect(facts.databases[1]?.withoutIdentity).toEqual(['25 in all']);
    const judged = judgeWayBack({
      enabled: true,
      engine: 'postgres',
      replication: 'logical',
      stopsWrites: false,
      applicationRoles,
      compare: 'counts',
      losesStatistics: true,
      blue: facts,
    });
    expect(judged.because).toContainEqual(expect.stringMatching(/neither a primary key .* and 13 more$/));
    const held = { ...stage.sides.production, databases: stage.databases, applicationRoles };
    const { changes } = await ask('hold-writes', held);
    const refusal = await stage
      .ask('secure', { ...held, changes: changes ?? {} })
      .catch(({ message }: Error) => message);
    expect(refusal).toMatch(/no primary key and no replica identity: .* and 13 more$/);
  });

  it('go there and back, side by side, and every answer is short', async () => {
    const { databases, sides } = stage;
    await stage.inEach(
      'DO $drop$ DECLARE t regclass; BEGIN FOR t IN SELECT oid FROM pg_class WHERE relname LIKE $$keyless%$$ LOOP EXECUTE format($$DROP TABLE %s$$, t); END LOOP; END $drop$',
    );
    const { production, target } = sides;
    const held = { ...production, databases, applicationRoles };
    const { changes } = await ask('hold-writes', held);
    const { secured } = await ask('secure', { ...held, changes: changes ?? {} });
    expect(secured.map(({ database }) => database)).toEqual(databases);
    await ask('release-writes', held);
    await ask('fence', { ...target, databases });
    await ask('attach', { ...sides, databases });
    const before = await ask('watch', { ...sides, databases });
    expect(before.streams.map(({ database }) => database)).toEqual(databases);
    // The second look goes on in the sessions of the first.
    const statements = await statementsOf(() => ask('watch', { ...sides, databases }));
    expect(statements.filter((text) => text.includes('set_config'))).toEqual([]);
    await ask('read-streams', { ...sides, databases });
    const { positions } = await ask('fence', { ...production, databases });
    expect(Object.keys(positions)).toEqual(databases);
    for (let open = true; open; ) {
      const { databases: found } = await ask('drained', { ...production, positions });
      open = found.some(({ drained }) => !drained);
    }
    await ask('foreign-writers', { ...production, databases });
    const compared = await ask('compare', { ...sides, databases, by: 'checksums', withinSeconds: 30 });
    expect(compared).toMatchObject({ differing: 0, done: true });
    await ask('detach', { ...target, databases });
    expect(await ask('set-sequences', { ...sides, databases })).toEqual({ set: 0, differing: [] });
    await ask('open', { open: target, closed: production, databases });
    const { writable } = await ask('probe-write', { ...target, databases, applicationRoles: [] });
    expect(Object.keys(writable)).toEqual(databases);
    expect(Object.values(writable).every(Boolean)).toBe(true);
    for (const place of [production, target]) {
      const { left } = await ask('close', { ...place, databases, applicationRoles });
      expect(left).toMatchObject({ publications: [], subscriptions: [], slots: [] });
    }
    expect(Math.max(...answers.values())).toBeLessThan(64 * 1_024);
  });
});
