import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresDataPlane } from '../packages/local-aws/postgres/data-plane.ts';
import { findPrograms } from '../packages/local-aws/postgres/server/programs.ts';

/**
 * How long a large dump takes to be loaded and to become green, by both ways, and the memory of this process meanwhile.
 *
 *   node bench/dumps.ts [rows|tables] [statements|copy]
 */
const [shape = 'rows', way = 'statements'] = process.argv.slice(2);

/** 200 MB of rows in four tables; or 2,000 tables with 5,000 sequences. */
const shapes: Record<string, () => Iterable<string>> = {
  *rows() {
    for (let table = 0; table < 4; table += 1) {
      yield `CREATE TABLE big_${table} (id integer PRIMARY KEY, body text);\nCOPY big_${table} (id, body) FROM stdin;\n`;
      for (let row = 0; row < 500_000; row += 1_000) {
        let block = '';
        for (let id = row; id < row + 1_000; id += 1) block += `${id}\t${`body of row ${id} `.repeat(5)}\n`;
        yield block;
      }
      yield '\\.\n';
    }
  },
  *tables() {
    for (let table = 0; table < 2_000; table += 1)
      yield `CREATE TABLE t_${table} (id serial PRIMARY KEY, body text);\nINSERT INTO t_${table} (body) VALUES ('a'), ('b');\n`;
    for (let sequence = 0; sequence < 3_000; sequence += 1)
      yield `CREATE SEQUENCE s_${sequence};\nSELECT setval('s_${sequence}', ${sequence + 1});\n`;
  },
};

const make = shapes[shape];
if (!make) throw new Error(`give one of ${Object.keys(shapes).join(', ')}, then statements or copy`);

const folder = mkdtempSync(join(tmpdir(), 'dumps-bench-'));
const file = join(folder, 'large.sql');
const out = createWriteStream(file);
for (const part of make()) if (!out.write(part)) await once(out, 'drain');
out.end();
await once(out, 'close');

const programs = way === 'copy' ? await findPrograms([15, 17]) : undefined;
if (programs && 'because' in programs) throw new Error(programs.because);
const plane = await PostgresDataPlane.open(programs ? { programs: programs.found } : {});
let most = 0;
const watch = setInterval(() => {
  most = Math.max(most, process.memoryUsage.rss());
}, 100);
try {
  await plane.createDatabase('blue', '15.8');
  const begun = Date.now();
  const { tables, rows } = await plane.loadDump('blue', file);
  const loaded = Date.now();
  await plane.buildGreen({ deployment: 'large', blue: 'blue', green: 'green', engineVersion: '17.4' });
  const seconds = (from: number, to: number) => ((to - from) / 1_000).toFixed(1);
  process.stdout.write(
    `${shape}, ${way}: ${out.bytesWritten / 1e6} MB, ${tables} tables, ${rows} rows; loaded in ${seconds(begun, loaded)} s, green in ${seconds(loaded, Date.now())} s, at most ${Math.round(most / 1e6)} MB of memory\n`,
  );
} finally {
  clearInterval(watch);
  await plane.dispose();
  rmSync(folder, { recursive: true, force: true });
}
