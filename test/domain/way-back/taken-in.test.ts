import { describe, expect, it } from 'vitest';
import {
  mayHoldRows,
  subtractCounts,
  type TakenIn,
  warnOfTakenIn,
} from '../../../functions/domain/way-back/taken-in.ts';

type Counts = Record<string, string>;

describe('what was written since it was counted first', () => {
  it.each<[what: string, now: Counts | null | undefined, before: Counts | undefined, rows: Counts | null]>([
    ['rows of one database', { shop: '17', crm: '5' }, { shop: '10', crm: '5' }, { shop: '7' }],
    [
      'more rows than a number holds',
      { shop: '9007199254740995' },
      { shop: '9007199254740992' },
      { shop: '3' },
    ],
    ['nothing', { shop: '10' }, { shop: '10' }, {}],
    ['a position that stood still', { shop: 'log.000001:4' }, { shop: 'log.000001:4' }, {}],
    ['a database that is new does not count', { shop: '10', crm: '5' }, { shop: '10' }, {}],
    ['unknown: it was not counted now', null, { shop: '10' }, null],
    ['unknown: it cannot be counted now', undefined, { shop: '10' }, null],
    ['unknown: it was not counted before', { shop: '10' }, undefined, null],
    ['unknown: a database is gone', { crm: '5' }, { shop: '10' }, null],
    ['unknown: the server counts from nothing', { shop: '2' }, { shop: '10' }, null],
    ['unknown: positions count no rows', { shop: 'log.000001:8' }, { shop: 'log.000001:4' }, null],
    ['unknown: it was a position before', { shop: '8' }, { shop: 'log.1:4' }, null],
    ['unknown: it became a position', { shop: 'log.1:4' }, { shop: '8' }, null],
    ['unknown: more than digits', { shop: '8 rows' }, { shop: '4' }, null],
    ['unknown: more than digits before', { shop: '8' }, { shop: 'x4' }, null],
  ])('%s', (_, now, before, rows) => {
    expect(subtractCounts(now, before)).toEqual(rows);
  });
});

describe('rows that stand on green alone', () => {
  const opening = 'RDS put the switchover back after new production had proved that it takes writes; ';
  it.each<[what: string, takenIn: TakenIn | undefined, may: boolean, says: string | undefined]>([
    ['nobody has counted', undefined, false, undefined],
    ['none', { rows: {} }, false, 'no row was written there meanwhile'],
    [
      'it cannot be counted',
      { rows: null },
      true,
      'how many rows were written there meanwhile could not be counted',
    ],
    [
      'some',
      { rows: { shop: '7', crm: '1' } },
      true,
      'row changes made there meanwhile, which stand on no other server: 7 in database shop, 1 in database crm',
    ],
  ])('%s', (_, takenIn, may, says) => {
    expect(mayHoldRows(takenIn)).toBe(may);
    expect(warnOfTakenIn(takenIn)).toEqual(
      says ? [{ rule: 'rows-on-green', severity: 'warning', message: `${opening}${says}` }] : [],
    );
  });
});
