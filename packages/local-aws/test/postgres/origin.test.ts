import { expect, it } from 'vitest';
import type { Database } from '../../postgres/database.ts';
import { findOrigins } from '../../postgres/dump/origin.ts';

const main = {
  schema: [
    { sql: 'CREATE TABLE notes (id int)', place: 'shop.sql, line 1' },
    { sql: 'CREATE TABLE jobs (id int, call regproc)', place: 'shop.sql, line 3' },
    {
      sql: "CREATE FUNCTION f() RETURNS bool LANGUAGE c\n  AS '$libdir/adminpack', 'f'",
      place: 'shop.sql, line 7',
    },
    { sql: 'CREATE VIEW w AS SELECT buffers_backend FROM pg_stat_bgwriter', place: 'shop.sql, line 9' },
    { sql: 'CREATE TABLE ours (call text)' },
  ],
  others: [],
} as unknown as Database;

it.each([
  ['In database: app public.jobs.call', ['shop.sql, line 3: CREATE TABLE jobs (id int, call regproc)']],
  [
    'could not load library "$libdir/adminpack": ERROR: could not access file "$libdir/adminpack"',
    ["shop.sql, line 7: CREATE FUNCTION f() RETURNS bool LANGUAGE c AS '$libdir/adminpack', 'f'"],
  ],
  [
    'ERROR: column "buffers_backend" does not exist',
    ['shop.sql, line 9: CREATE VIEW w AS SELECT buffers_backend FROM pg_stat_bgwriter'],
  ],
  ['see /tmp/local-aws-x/upgrade.txt', []],
  ['public.jobs.later', []],
])('"%s" leads to the statements of the file that made what it names', (message, origins) => {
  expect(findOrigins(main, message)).toEqual(origins);
});
