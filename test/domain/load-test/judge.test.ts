import { describe, expect, it } from 'vitest';
import {
  costFloor,
  describeLoad,
  findNo,
  judgeStatement,
} from '../../../functions/domain/load-test/judge.ts';
import { shapeOfMysql, shapeOfPostgres, shortShape } from '../../../functions/domain/load-test/plan-shape.ts';
import {
  type LoadProgress,
  type LoadTest,
  longestText,
  type Measured,
  type StatementResult,
} from '../../../functions/domain/load-test/progress.ts';
import { mostStatements } from '../../../functions/domain/load-test/statement.ts';

const ran = (ms: number): Measured => ({ kind: 'ran', ms, runs: 5 });
const estimated = (cost: number): Measured => ({ kind: 'estimated', cost });
const slow: Measured = { kind: 'slow', ms: 5_000 };
const failed = (error = 'a table is missing (42P01)', passing = false): Measured => ({
  kind: 'failed',
  error,
  passing,
});
const plans = { blue: 'Index Scan orders by by_customer', green: 'Seq Scan orders' };

const result = (blue: Measured, green: Measured, more: Partial<StatementResult> = {}): StatementResult => ({
  ...{
    number: 3,
    digest: '0123456789abcdef',
    text: 'SELECT note FROM orders WHERE customer = ?',
    plans: null,
  },
  ...{ blue, green },
  ...more,
});
const worseThan = { ratio: 2, floorMs: 5 };
const limits = { worseThan, onWorse: 'stop', withinSeconds: 300 } as never;

const rows: [what: string, StatementResult, kind: string, seen: RegExp][] = [
  ['as fast', result(ran(10), ran(10)), 'fine', /10 ms on blue, 10 ms on green \(1\.0 times\)$/],
  ['just under the ratio', result(ran(10), ran(19.9)), 'fine', /2\.0 times/],
  ['at the ratio', result(ran(10), ran(20)), 'worse', /20 ms on green \(2\.0 times\)/],
  [
    'another plan that is as fast',
    result(ran(10), ran(10), { plans }),
    'fine',
    /another plan: "Index Scan orders by by_customer" is "Seq Scan orders"/,
  ],
  [
    'another plan that is slow',
    result(ran(1), ran(2_000), { plans }),
    'worse',
    /1\.0 ms on blue, 2\.0 s on green \(2000\.0 times\), by another/,
  ],
  ['fast on both sides', result(ran(0.1), ran(4.9)), 'fine', /49\.0 times/],
  ['at the floor on green', result(ran(0.1), ran(5)), 'worse', /50\.0 times/],
  ['nothing on blue', result(ran(0), ran(8)), 'worse', /times/],
  [
    'out of its time on green alone',
    result(ran(3_000), slow),
    'worse',
    /3\.0 s on blue, and longer than 5\.0 s on green/,
  ],
  [
    'out of its time on blue alone',
    result(slow, ran(10)),
    'fine',
    /longer than 5\.0 s on blue, and 10 ms on green/,
  ],
  ['out of its time on both', result(slow, slow), 'open', /on both sides/],
  [
    'estimates with another plan',
    result(estimated(10), estimated(costFloor), { plans }),
    'worse',
    /estimated at 10 on blue, estimated at 100 on green/,
  ],
  ['estimates of the same plan', result(estimated(10), estimated(5_000)), 'fine', /500\.0 times/],
  ['small estimates', result(estimated(1), estimated(costFloor - 1), { plans }), 'fine', /99\.0 times/],
  ['an estimate beside a time', result(estimated(1), ran(1)), 'open', /cannot be compared/],
  [
    'fails on green alone',
    result(ran(10), failed()),
    'blocker',
    /fails on green \(a table is missing \(42P01\)\) and not on blue/,
  ],
  ['fails on green, and is slow on blue', result(slow, failed()), 'blocker', /fails on green/],
  [
    'fails on green for now',
    result(ran(10), failed('a lock (55P03)', true)),
    'open',
    /was not to be had on green \(a lock/,
  ],
  ['fails on blue alone', result(failed(), ran(10)), 'open', /fails on blue .* and not on green/],
  ['fails on both', result(failed(), failed()), 'open', /fails on both sides \(a table is missing/],
  ['fails otherwise', result(failed('one'), failed('other')), 'open', /blue: one; green: other/],
];

describe('a statement on both sides', () => {
  it.each(rows)('is judged: %s', (_what, one, kind, seen) => {
    const found = judgeStatement(one, worseThan);
    expect(found.kind).toBe(kind);
    expect(found.sentence).toMatch(seen);
    expect(found.sentence).toMatch(
      /^no\. 3 "SELECT note FROM orders WHERE customer = \?" \(0123456789abcdef\): /,
    );
  });

  it('is told as data, whatever its names are', () => {
    const text = 'SELECT "@here" FROM "https://evil.example/x"';
    const { sentence } = judgeStatement(result(ran(1), ran(1), { text }), worseThan);
    expect(sentence).not.toContain('https://');
    expect(sentence.match(/"/g)).toHaveLength(2);
  });
});

const progress = (results: StatementResult[], more: Partial<LoadProgress> = {}): LoadProgress => ({
  ...{ queue: [], results, passedOver: 0, seconds: 1 },
  ...more,
});
const worse = result(ran(10), ran(30));
const fine = result(ran(10), ran(10));
const blocker = result(ran(10), failed());
const warns = { worseThan, onWorse: 'warn', withinSeconds: 300 } as never;

describe('the run', () => {
  it.each([
    ['goes on where nothing is worse', [fine], limits, null],
    [
      'stops at a statement that is worse',
      [fine, worse],
      limits,
      /^1 statement took 2 times as long on green as on blue/,
    ],
    ['goes on at one where it is to warn', [worse], warns, null],
    [
      'stops at one that green cannot run, also where it is to warn',
      [blocker],
      warns,
      /^1 statement that blue runs cannot be run on green/,
    ],
    [
      'stops where nothing could be compared',
      [result(slow, slow)],
      limits,
      /^no statement could be compared/,
    ],
    ['goes on where nothing could be compared and it is to warn', [result(slow, slow)], warns, null],
  ] as const)('%s', (_what, results, of, no) => {
    const found = findNo(progress([...results]), of);
    if (no === null) expect(found).toBeNull();
    else expect(found).toMatch(no);
  });
});

describe('what approvers are told', () => {
  const load = (more: Partial<LoadTest> = {}): LoadTest => ({
    ...{ done: true, no: null, source: 's3://my-bucket/load.sql, 0123456789abcdef' },
    progress: progress([fine, worse, result(ran(1), ran(1), { plans }), result(slow, slow)], {
      queue: [{ number: 5, id: '5', database: 'app' }],
      passedOver: 2,
    }),
    ...more,
  });
  const request = { tests: { load: warns } } as never;

  it('is nothing where none is asked for', () => {
    expect(describeLoad(undefined, { tests: {} } as never)).toBeUndefined();
  });

  it('is that it was not made, and why', () => {
    expect(describeLoad(undefined, request)).toBe('not made');
    expect(describeLoad(load({ progress: null, untested: 'no way to green' }), request)).toBe(
      'not made: no way to green',
    );
  });

  it('is what is worse, by another plan, not compared, not reached and passed over', () => {
    expect(describeLoad(load(), request)).toMatch(
      /^3 of 5 statements \(s3:.*\) were compared on both sides: 1 worse than 2 times blue; no\. 3 .*30 ms on green \(3\.0 times\); another plan without being worse: 1; not compared: no\. 3 .*; 1 were not reached within 300 s; 2 of the server's were passed over/,
    );
  });

  it('fits into a record of a run, at its longest', () => {
    const long = 'x'.repeat(longestText);
    const shape = shortShape('y'.repeat(1_000));
    const one = result(failed('z'.repeat(95)), failed('z'.repeat(95)), {
      text: long,
      plans: { blue: shape, green: shape },
    });
    const most = load({ progress: progress(Array.from({ length: mostStatements }, () => one)) });
    expect(JSON.stringify(most).length).toBeLessThanOrEqual(16_384);
  });
});

describe('the shape of a plan', () => {
  it('is nodes, tables and indexes of PostgreSQL, and no condition', () => {
    const scan = {
      'Node Type': 'Index Scan',
      'Relation Name': 'orders',
      'Index Name': 'by_customer',
      'Index Cond': "(name = 'Erika')",
    };
    const join = {
      'Node Type': 'Nested Loop',
      'Join Type': 'Left',
      Plans: [scan, { 'Node Type': 'Seq Scan', 'Relation Name': 'items' }],
    };
    expect(shapeOfPostgres(join)).toBe('Nested Loop Left (Index Scan orders by by_customer, Seq Scan items)');
  });

  it('is tables, how they are read and indexes of MySQL, and no condition', () => {
    const table = (table_name: string, access_type: string, key?: string) => ({
      table: { table_name, access_type, ...(key && { key }), attached_condition: "(name = 'Erika')" },
    });
    const nested = {
      query_block: { nested_loop: [table('orders', 'ref', 'by_customer'), table('items', 'ALL')] },
    };
    expect(shapeOfMysql(nested)).toBe('orders ref by by_customer, items ALL');
  });
});
