import { describe, expect, it } from 'vitest';
import { mariadb, whyNot } from '../sql/mysql/stage.ts';
import { rehearse } from './command.ts';
import { expectNoRowLost } from './expectations.ts';

const missing = await whyNot(mariadb);
if (missing) console.log(`skipped: ${missing}`);

describe.skipIf(missing)('on real servers of MariaDB, under live writes', () => {
  it('upgrades 10.11 to 11.8, and goes back with every row', { timeout: 300_000 }, async () => {
    const run = await rehearse([
      ...['--engine', 'mariadb', '--yes', '--go-back', '--rows', '100', '--writers', '4'],
    ]);
    await expectNoRowLost(run);
    const { report } = run;
    expect(report.endState).toBe('Went back: blue serves production');
    expect(report.periods.map(({ acknowledged }) => acknowledged > 0)).toEqual([true, true, true]);
    expect(report.goingBack?.compared).toMatchObject({ by: 'checksums', differing: 0 });
    expect(report.clients.map(({ kind }) => kind)).toContain('mysql2, autocommit off');
  });
});
