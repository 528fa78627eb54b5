import { describe, expect, it, onTestFinished } from 'vitest';
import type { Answer, Ask } from '../../functions/sql/contract.ts';
import { CUT } from '../../packages/local-aws/test/postgres/plane.ts';
import { type Moment, prepareCrashes, withCrashes } from './crash.ts';
import { expectWhole, writeAndWatch } from './no-row-lost.ts';
import {
  applicationRoles,
  ask,
  databases,
  type Given,
  holdAndCount,
  openGreenStage,
  production,
  question,
  sides,
  target,
  until,
} from './stage.ts';

type Asking = <A extends Ask>(what: A, input: Given<A>) => Promise<Answer<A>>;

const twice: Asking = async (what, input) => {
  const first = await ask(what, input as never);
  const second = await ask(what, input as never);
  // What tells of the moment moves on: positions of the log, beats, sessions that come back. All else is the same.
  if (!['hold-writes', 'fence', 'watch', 'drained'].includes(what)) expect(second).toEqual(first);
  return second as never;
};

const dying =
  (moment: Moment): Asking =>
  async (what, input) => {
    const { answer: reply, crashes } = await withCrashes(moment, () => question(what, input as never));
    expect(crashes).toBeGreaterThan(0);
    if (reply.kind !== 'answer') throw new Error(`${what} ${reply.kind}: ${reply.because}`);
    return reply.facts as never;
  };

describe.each<[string, Asking]>([
  ['is done twice', twice],
  ['dies before each of its statements', dying('before')],
  ['dies after each of its statements', dying('after')],
])('when every operation %s', (_name, asking) => {
  it('the way there and back ends as if each was done once', { timeout: 300_000 }, async () => {
    const plane = await openGreenStage();
    onTestFinished(() => plane.dispose());
    prepareCrashes();
    const watched = await writeAndWatch(plane);
    const { workload } = watched;
    const writeOn = async (count: number) => {
      const before = workload.acknowledged;
      await until(() => workload.acknowledged > before + count);
    };
    const held = { ...production(plane), databases, applicationRoles };

    await asking('hold-writes', held);
    expect(await plane.cutOver(CUT)).toEqual({ done: true });
    await asking('hold-writes', held);
    const secured = { ...held, changes: await holdAndCount(held) };
    await asking('secure', secured);
    await asking('release-writes', held);
    await writeOn(100);
    await asking('fence', { ...target(plane), databases });
    await asking('attach', { ...sides(plane), databases });
    await writeOn(100);
    // Writes flow, and the slot stays where the first run put it.
    await asking('secure', secured);
    await asking('watch', { ...sides(plane), databases });
    const { positions } = await asking('fence', { ...production(plane), databases });
    await until(async () => {
      const found = await asking('drained', { ...production(plane), positions });
      return found.databases.every((database) => database.drained);
    });
    const compared = await asking('compare', {
      ...sides(plane),
      databases,
      by: 'checksums',
      withinSeconds: 60,
    });
    expect(compared).toMatchObject({ tables: 5, differing: 0, done: true });
    await asking('detach', { ...target(plane), databases });
    expect(await asking('set-sequences', { ...sides(plane), databases })).toEqual({ set: 4, differing: [] });
    await plane.pointEndpoint('shop', 'db-blue');
    await asking('open', { open: target(plane), closed: production(plane), databases });
    await asking('probe-write', { ...target(plane), databases, applicationRoles: [] });
    await writeOn(100);
    await expectWhole(plane, watched, asking);
  });
});
