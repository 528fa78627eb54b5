import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mariadb, whyNot } from '../sql/mysql/stage.ts';
import { rehearse } from './command.ts';
import { expectNoRowLost } from './expectations.ts';

const missing = await whyNot(mariadb);

const folder = mkdtempSync(join(tmpdir(), 'mariadb-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that is awkward in a dump, but for a table without transactions, which has no way back. */
function writeDump(): string {
  const nasty = new URL('../../packages/local-aws/test/mysql/dumps/nasty.sql', import.meta.url);
  const file = join(folder, 'shop.sql');
  // As bytes: not all of them are letters.
  const text = readFileSync(nasty, 'latin1').replaceAll('ENGINE=MyISAM', 'ENGINE=InnoDB');
  writeFileSync(file, text, 'latin1');
  return file;
}

describe.skipIf(missing)('on real servers of MariaDB, under live writes', () => {
  it('upgrades a dump from 10.11 to 11.8, and goes back with every row', { timeout: 300_000 }, async () => {
    const run = await rehearse([
      ...[
        '--engine',
        'mariadb',
        '--yes',
        '--go-back',
        '--rows',
        '100',
        '--writers',
        '4',
        '--dump',
        writeDump(),
      ],
    ]);
    await expectNoRowLost(run);
    const { report } = run;
    expect(report.endState).toBe('Went back: blue serves production');
    expect(report.own).toEqual({ tables: 10, rows: 13 });
    expect(report.periods.map(({ acknowledged }) => acknowledged > 0)).toEqual([true, true, true]);
    expect(report.goingBack?.compared).toMatchObject({ by: 'counts', tables: 14, differing: 0 });
    expect(report.clients.map(({ kind }) => kind)).toContain('mysql2, autocommit off');
  });
});
