import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangeCounts, SecuredDatabase } from '../../../functions/domain/way-back/facts.ts';
import type { Answer } from '../../../functions/sql/contract.ts';
import { everywhere, Killer } from '../kills.ts';
import {
  ask,
  cut,
  databases,
  mariadb,
  note,
  openStage,
  production,
  question,
  RUN,
  type Stage,
  sides,
  target,
  whyNot,
} from './stage.ts';
import { Writers } from './writers.ts';

const missing = await whyNot(mariadb);

describe.skipIf(missing)(
  'an operation whose process is killed is done once when it is asked for again',
  {
    timeout: everywhere ? 1_800_000 : 120_000,
  },
  () => {
    let stage: Stage;
    let writers: Writers;
    let before: ChangeCounts;
    let secured: SecuredDatabase[];
    let killer: Killer;

    beforeAll(async () => {
      stage = await openStage(mariadb);
      writers = await Writers.start(stage.blue.port, 2);
      killer = new Killer({
        run: RUN,
        family: 'mysql',
        question: question as never,
        passing: ['1205', '1213'],
      });
      before = await note(stage);
      await writers.until(10);
      // Where nobody writes yet a stream can be begun again and again.
      writers.pause();
      await cut(stage);
      const changes = await note(stage);
      const given = { ...production(stage), databases, applicationRoles: [], before, changes };
      if (everywhere) await killer.kill('secure', given);
      ({ secured } = await ask('secure', given));
    }, 1_800_000);
    afterAll(async () => {
      await writers?.stop();
      await killer?.end();
      await stage?.close();
      if (everywhere) console.log(`${killer.deaths} processes were killed`);
    });

    const there = () => ({ ...production(stage), databases });
    const here = () => ({ ...target(stage), databases });
    const both = () => ({ ...sides(stage), databases });
    const stay = () => ({ databases, open: production(stage), closed: target(stage) });
    const back = () => ({ databases, open: target(stage), closed: production(stage) });
    /** A client that is just being refused stands in the list for a moment; the state asks again as well. */
    const fence = async () => {
      for (;;) {
        const reply = await question('fence', there());
        if (reply.kind === 'answer') return reply.facts as Answer<'fence'>;
        if (reply.kind === 'failed' || reply.code !== 'writers') throw new Error(reply.because);
      }
    };
    const arrived = async () => {
      const { positions } = await fence();
      const asked = { ...production(stage), target: target(stage), positions };
      await expect
        .poll(async () => (await ask('drained', asked)).databases.every(({ drained }) => drained), {
          timeout: 20_000,
        })
        .toBe(true);
      return asked;
    };

    it('attach, from its beginning and while the application writes', async () => {
      await ask('fence', { ...here(), side: 'target' });
      const attach = { ...both(), secured };
      await killer.kill('attach', attach, {
        undo: async () => {
          await stage.onBlue.query('CALL mysql.rds_reset_external_master()');
          // What "secure" has noted on new production comes once more from the beginning on.
          await stage.onBlue.query('DELETE FROM viridian.taken');
        },
      });
      writers.goTo(stage.green.port);
      writers.goOn();
      await writers.until(30);
      if (everywhere) await killer.kill('attach', attach);
      await ask('watch', both());
    });

    it('fence, and open to stay on new production', async () => {
      await killer.kill('fence', there(), {
        undo: () => ask('open', stay()),
        same: ({ positions }) => Object.keys(positions),
      });
      if (everywhere) await killer.kill('open', stay(), { undo: fence });
      else await ask('open', stay());
      await writers.until(60);
    });

    it.runIf(everywhere)(
      'drained, foreign-writers, compare and probe-write, which change nothing that counts',
      async () => {
        const asked = await arrived();
        await killer.kill('drained', asked, {
          same: (facts) => facts.databases.map(({ drained }) => drained),
        });
        await killer.kill('foreign-writers', there(), { same: ({ closed }) => closed });
        await killer.kill('compare', { ...both(), by: 'checksums', withinSeconds: 60 });
        await killer.kill('probe-write', { ...there(), applicationRoles: [] });
        await killer.kill('detach', here(), { undo: () => ask('attach', { ...both(), secured }) });
        await killer.kill('set-sequences', both());
        await ask('attach', { ...both(), secured });
        await ask('open', stay());
      },
    );

    it('open to go back', async () => {
      await arrived();
      await ask('detach', here());
      await stage.onBlue.query('SET GLOBAL read_only = 0');
      const taken = await stage.onBlue.query("SELECT name FROM viridian.taken WHERE kind = 'account'");
      writers.goTo(stage.blue.port);
      await killer.kill('open', back(), {
        undo: async () => {
          for (const { name } of taken) {
            await stage.onBlue.query("INSERT IGNORE INTO viridian.taken VALUES ('account', ?)", [name]);
            await stage.onBlue.query(`ALTER USER ${String(name)} ACCOUNT LOCK`);
          }
        },
      });
      await writers.until(100);
      const close = { ...here(), applicationRoles: [] };
      await (everywhere ? killer.kill('close', close) : ask('close', close));
    });

    it('and all of them together lose nothing, double nothing, and leave nothing', async () => {
      const { acknowledged } = await writers.stop();
      const rows = await stage.onBlue.query('SELECT writer, n FROM app.orders WHERE writer > 0');
      const keys = rows.map(({ writer, n }) => `${writer}/${n}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(acknowledged.filter((key) => !keys.includes(key))).toEqual([]);
      expect(acknowledged.length).toBeGreaterThanOrEqual(100);
      const left = await ask('leftovers', { ...here(), applicationRoles: [] });
      expect(left).toMatchObject({ subscriptions: [], closed: [] });
    });
  },
);
