import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import { WORKLOAD_SCHEMA } from '../../packages/local-aws/postgres/workload-schema.ts';
import { CUT } from '../../packages/local-aws/test/postgres/plane.ts';
import { everywhere, Killer } from './kills.ts';
import { expectWhole, type Watched, writeAndWatch } from './no-row-lost.ts';
import {
  applicationRoles,
  ask,
  databases,
  holdAndCount,
  openGreenStage,
  production,
  question,
  RUN,
  sides,
  target,
  until,
} from './stage.ts';

const killer = new Killer({
  run: RUN,
  family: 'postgresql',
  question: question as never,
  // The killed one's statement may still change the same row of a catalog, which the server calls an internal error.
  passing: ['XX000'],
});
const kill: Killer['kill'] = (...asked) => killer.kill(...asked);

let plane: PostgresDataPlane;
let watched: Watched;
let changes: Record<string, string>;

beforeAll(async () => {
  plane = await openGreenStage();
  watched = await writeAndWatch(plane);
}, 300_000);

afterAll(async () => {
  await watched?.workload.stop();
  await watched?.observer.stop();
  await killer.end();
  await plane?.dispose();
});

const held = () => ({ ...production(plane), databases, applicationRoles });
const there = () => ({ ...production(plane), databases });
const here = () => ({ ...target(plane), databases });
const both = () => ({ ...sides(plane), databases });
const back = () => ({ open: target(plane), closed: production(plane), databases });
const stay = () => ({ open: production(plane), closed: target(plane), databases });

async function writeOn(): Promise<void> {
  const { workload } = watched;
  const before = workload.acknowledged;
  await until(() => workload.acknowledged > before + 50);
}

/** What the stream still applies on the target makes it a side on which something writes. */
const streamRests = () =>
  until(async () => (await ask('foreign-writers', here())).writers.every(({ writing }) => !writing));

async function forgetSequences(): Promise<void> {
  await plane.database('db-blue').sql.query(
    `BEGIN READ WRITE; SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1)
       FROM pg_sequences WHERE schemaname = '${WORKLOAD_SCHEMA}'; COMMIT`,
  );
}

describe('an operation whose process is killed is done once when it is asked for again', {
  timeout: everywhere ? 1_800_000 : 300_000,
}, () => {
  it('hold-writes and release-writes', async () => {
    await kill('hold-writes', held(), {
      undo: () => ask('release-writes', held()),
      same: ({ held: roles }) => roles,
    });
    await kill('release-writes', held(), { undo: () => ask('hold-writes', held()) });
    await ask('hold-writes', held());
  });

  it('secure and close, while writes are held after the cut', async () => {
    expect(await plane.cutOver(CUT)).toEqual({ done: true });
    changes = await holdAndCount(held());
    const secured = { ...held(), changes };
    await kill('secure', secured, {
      undo: () => ask('close', held()),
      same: (facts) => facts.secured.map(({ database, slot }) => ({ database, slot })),
    });
    await kill('close', held(), { undo: () => ask('secure', secured) });
    await ask('secure', secured);
    await ask('release-writes', held());
    await writeOn();
  });

  it('attach to what is attached, while the application writes', async () => {
    await ask('fence', here());
    await ask('attach', both());
    await kill('attach', both());
    await writeOn();
  });

  it('fence, and open to stay on new production', async () => {
    await kill('fence', there(), {
      undo: async () => {
        await streamRests();
        await ask('open', stay());
      },
      same: ({ positions }) => Object.keys(positions),
    });
    await streamRests();
    await kill('open', stay(), {
      undo: async () => {
        await ask('fence', there());
        await streamRests();
      },
    });
    await writeOn();
  });

  it('drained, foreign-writers, compare and probe-write, which change nothing that counts', async () => {
    const { positions } = await ask('fence', there());
    const question = { ...production(plane), positions };
    await until(async () => (await ask('drained', question)).databases.every(({ drained }) => drained));
    await kill('drained', question, { same: (facts) => facts.databases.map(({ drained }) => drained) });
    await kill('foreign-writers', there(), { same: ({ closed }) => closed });
    await kill('compare', { ...both(), by: 'checksums', withinSeconds: 60 });
    await kill('probe-write', { ...there(), applicationRoles: [] });
  });

  it('detach and attach, when the target has everything', async () => {
    await kill('detach', here(), { undo: () => ask('attach', both()) });
    await kill('attach', both(), { undo: () => ask('detach', here()) });
    await ask('detach', here());
  });

  it('set-sequences, and open to go back', async () => {
    await kill('set-sequences', both(), { undo: forgetSequences });
    await plane.pointEndpoint('shop', 'db-blue');
    await kill('open', back(), { undo: () => ask('fence', here()) });
    await kill('probe-write', { ...here(), applicationRoles: [] });
    await writeOn();
  });

  it('and all of them together lose nothing, leave nothing, and have one writer at any time', async () => {
    await expectWhole(plane, watched, ask);
  });
});
