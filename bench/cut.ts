/**
 * What the cut and going back cost, `npm run bench:cut -- [--rounds 10] [--engine mariadb]`. Each round makes, in an order that changes, one way there and
 * back by each sequence on real servers under live writers, and for PostgreSQL one whole rehearsal behind a pooler. Two figures each:
 *
 * - the window: from the first step against writes until they are open, without the state machines, beside the same safety steps as bare SQL and
 *   beside a naive procedure. Rows are counted outside of it;
 * - hold to release: from the answer that the application is held to the answer that it goes on, with the share of each state.
 *
 * All figures are of this machine and of these minutes; compare them within one run only.
 */

import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Holds, measureHolds } from './holds.ts';
import { Pair as MysqlPair } from './mysql/pair.ts';
import { sequences as mysqlSequences, travel as travelMysql } from './mysql/windows.ts';
import { Pair } from './pair.ts';
import { head, line, median } from './statistics.ts';
import { sequences, type Trip, travel } from './windows.ts';

/** Rows that blue has before the first round. */
const rows = 2_000;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '10' }, engine: { type: 'string', default: 'postgres' } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError('--rounds: give a whole number from 1');

/** One way there and back by each sequence of a family. */
interface Bench {
  travels: { name: string; travel(): Promise<Trip> }[];
  /** Whether clients can be held, so that whole runs are measured and none may see an error. */
  holds: boolean;
  close(): Promise<void>;
}

async function openPostgres(): Promise<Bench> {
  const pair = await Pair.open(rows);
  const travels = sequences.map((one) => ({ name: one.name, travel: () => travel(pair, one) }));
  return { travels, holds: true, close: () => pair.close() };
}

async function openMysql(flavour: 'mariadb' | 'mysql'): Promise<Bench> {
  const pair = await MysqlPair.open(flavour, rows);
  const travels = mysqlSequences.map((one) => ({ name: one.name, travel: () => travelMysql(pair, one) }));
  return { travels, holds: false, close: () => pair.close() };
}

async function openBench(engine: string): Promise<Bench> {
  if (engine === 'postgres') return openPostgres();
  if (engine === 'mariadb') return openMysql(engine);
  throw new RangeError('--engine: give postgres or mariadb');
}

const bench = await openBench(values.engine);
const trips = new Map<string, Trip[]>(bench.travels.map(({ name }) => [name, []]));
const holds: Holds[] = [];

async function measureRehearsal(round: number): Promise<void> {
  const hold = await measureHolds();
  holds.push(hold);
  console.error(
    `round ${round + 1}  rehearsal: held ${hold.cut.ms.toFixed(0)} ms, going back ${hold.back.ms.toFixed(0)} ms`,
  );
}

try {
  for (let round = 0; round < rounds; round += 1) {
    const measures = [
      ...bench.travels.map((one) => async () => {
        const trip = await one.travel();
        trips.get(one.name)?.push(trip);
        console.error(
          `round ${round + 1}  ${one.name}: cut ${trip.cut.toFixed(1)} ms, back ${trip.back.toFixed(1)} ms`,
        );
      }),
      ...(bench.holds ? [() => measureRehearsal(round)] : []),
    ];
    const first = round % measures.length;
    for (const measure of [...measures.slice(first), ...measures.slice(0, first)]) await measure();
  }
} finally {
  await bench.close();
}

const windows: [string, (trip: Trip) => number | null][] = [
  ['cut: blue fenced to green open', ({ cut }) => cut],
  ['cut: blue fenced to way back made', ({ secured }) => secured],
  ['going back: green fenced to blue open', ({ back }) => back],
];

console.log(
  `${rounds} rounds, load average ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`,
);
for (const [window, figure] of windows) {
  const of = (name: string) => (trips.get(name) ?? []).map(figure).filter((ms) => ms !== null);
  const [base] = bench.travels;
  console.log(`\n${head(window, 'x bare')}`);
  for (const { name } of bench.travels)
    if (of(name).length > 0) console.log(line(name, of(name), of(base?.name ?? '')));
}

console.log('\nall rounds                        acknowledged      lost   doubled    client errors');
for (const { name } of bench.travels) {
  const sum = (field: 'acknowledged' | 'lost' | 'doubled' | 'clientErrors') =>
    (trips.get(name) ?? []).reduce((total, trip) => total + trip[field], 0);
  const cells = [sum('acknowledged'), sum('lost'), sum('doubled'), sum('clientErrors')];
  const widths = [12, 10, 10, 17];
  console.log(
    name.padEnd(34) + cells.map((cell, index) => String(cell).padStart(widths[index] ?? 0)).join(''),
  );
}

for (const [title, which] of [
  ['hold to release at the cut', 'cut'],
  ['hold to release going back', 'back'],
] as const) {
  if (!bench.holds) continue;
  const all = holds.map((hold) => hold[which]);
  const whole = all.map(({ ms }) => ms);
  console.log(`\n${head(title, 'share')}`);
  console.log(line(`${all[0]?.from} to ${all[0]?.to}`, whole));
  const names = [...new Set(all.flatMap(({ states }) => states.map(({ name }) => name)))];
  for (const name of names) {
    const times = all.map(({ states }) => states.find((state) => state.name === name)?.ms ?? 0);
    const share = `${((100 * median(times)) / median(whole)).toFixed(0)} %`;
    console.log(line(`  ${name}`, times) + share.padStart(10));
  }
}
if (bench.holds)
  console.log(
    `client errors in the rehearsals: ${holds.reduce((sum, { clientErrors }) => sum + clientErrors, 0)}`,
  );
const isSound = (trips.get('viridian') ?? []).every(
  ({ lost, doubled, clientErrors }) => lost + doubled + (bench.holds ? clientErrors : 0) === 0,
);
// Not left to an empty event loop: after sockets were reset, Node 24 can spin for ever in tidying up its handles.
process.exit(isSound ? 0 : 1);
