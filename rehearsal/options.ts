import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { EngineFamily } from '../functions/domain/model/engine.ts';
import { type Engine, engines, rehearsed } from './blue.ts';
import { foldLine } from './live-line.ts';

/** What can be made to go wrong in a rehearsal, and what that is. */
export const faults = {
  'no-primary-key': 'blue has a table without key: the run is refused before anything is created',
  unlogged: 'the same with an unlogged table',
  'cdc-slot': 'the same with the slot of a CDC consumer',
  'zero-etl': 'the same with a zero-ETL integration of blue',
  'dead-proxy': 'the same with an RDS proxy that does not reach blue',
  'replication-broken': 'a change on green breaks replication before the approval',
  'long-transaction': 'an application leaves a writing transaction open on blue',
  'weak-old-blue':
    'RDS keeps nobody from old blue: shows what clients that override its read-only default lose there before our own fence stands',
  'stale-names':
    'name servers go on answering where names led before: half a minute after the cut, ten minutes after a rename; may be given with --go-back',
  'switchover-refused': 'a guardrail of RDS refuses the switchover',
  'proxy-left-behind':
    'an RDS proxy stays with old blue after the cut: people are told at once, with the commands that lead it to production',
  'green-fails-over':
    'green has a standby, or a reader of Aurora, that takes over before anybody is asked: the server of green dies under the stream of changes',
  'green-fails': 'green cannot be built',
  'green-test-fails': 'the testGreen hook says no',
  'incompatible-schema':
    'the changeGreen hook drops a column that blue still writes: the run stops with the statement and the compatible way',
  'bad-read-step':
    'an alarm of the readers fires in the second step of --read-ramp: all readers are led back to blue, and the run stops',
  'bad-read-step-asks': 'the same where the request lets people decide, who let the run go on to the cut',
  'bake-alarm': 'an alarm fires in the bake, and the run goes back by itself',
  'slow-after-cut':
    'a job makes every write of new production wait; the metrics tell, and the run goes back by itself',
  'reverse-broken':
    'a change of the schema on new production breaks the way back in the bake, and it is closed',
  'crash-while-going-back':
    'going back is killed on both sides of the point of no return; first it is redriven, then started anew',
} as const;

export type FaultName = keyof typeof faults;

const wayBackFaults: string[] = [
  'no-primary-key',
  'unlogged',
  'cdc-slot',
  'stale-names',
  'incompatible-schema',
  'bake-alarm',
  'reverse-broken',
  'crash-while-going-back',
] satisfies FaultName[];

export interface RehearsalOptions {
  /** `ask` waits for a person on the page, `yes` and `no` answer through the page's own HTTP calls. */
  answer: 'ask' | 'yes' | 'no';
  /** What blue is. */
  engine: Engine;
  /** Majors of PostgreSQL; series such as `10.11` of the MySQL family. */
  from: string;
  to: string;
  /** Folders with servers of the MySQL family that the user has, by series. */
  mysqlBin: ReadonlyMap<string, string>;
  writers: number;
  rows: number;
  dump: string | undefined;
  /** Address of a server whose database is rehearsed; it is only read. */
  source: string | undefined;
  /** Of each table of the source. */
  rowsPerTable: number;
  skipExtensions: boolean;
  /** Folders with the programs of majors. */
  pgBin: ReadonlyMap<number, string>;
  /** How green is made; undefined: as RDS does it where a database of the user's is rehearsed and the programs can be had. */
  green: 'copy' | 'statements' | undefined;
  endpoint: 'rds' | 'pause';
  fault: FaultName | undefined;
  report: string;
  keep: boolean;
  /** Set up a way back. */
  wayBack: boolean;
  /** A person asks to go back in the bake. */
  goBack: boolean;
  /** Readers come by a weighted record, and are led to green step by step before the cut. */
  readRamp: boolean;
  /** The run goes on a copy of blue, which only serves. */
  rehearseOnCopy: boolean;
  /** How applications are led back to blue: `route53` lets them come by a record. */
  wayBackEndpoint: 'rename' | 'route53';
  /** What takes time on AWS beside databases and RDS takes it here, too. */
  awsLatency: boolean;
}

/** A mistake on the command line: told in one line, exit code 2. */
export class UsageError extends Error {}

/** Long lines go on under their value: `foldLine`. */
const longUsage = `Upgrades a real database on this machine, under live writes, with the workflow that is deployed to AWS.

  npm start -- [options]

  --yes              answer the approval through the page's own HTTP calls (the default without a terminal)
  --no               reject it
  --engine NAME      postgres (default), mariadb, mysql; aurora-postgresql and aurora-mysql: blue is a cluster, and the way back leads to a clone. The servers of aurora-mysql are those of MariaDB, or yours of MySQL
  --from N --to N    PostgreSQL majors, 15 to 18 (default 15 and 17); MariaDB 10.11 and 11.8; of servers that you name the oldest and the newest; of MySQL without a name the newest that can be had on both sides, which changes parameters only
  --mysql-bin N=DIR  a folder with an unpacked server of MySQL or MariaDB of series N, such as 8.4; may be given for each
  --writers N        concurrent writers (default 10: one of each kind of client)
  --rows N           rows that blue has before the run (default 20000)
  --dump FILE        your own schema and data as blue: what pg_dump or pg_dumpall has made, plain, custom (-Fc), a folder or tar, also packed with gzip, zstd, bzip2, xz or lz4; with an engine of the MySQL family what mysqldump or mariadb-dump has made, plain or packed
  --source URL       the same from a running server, which is only read: postgres://user@host/database. Its schema, with --rows-per-table rows of it, too
  --rows-per-table N
                     up to so many rows of each table (default 0)
  --skip-extensions  leave out extensions that are not there, and what needs them
  --green WAY        copy: green is a copy of blue that pg_upgrade upgrades, as on RDS (default with --dump and --source, where the programs of both majors are installed, or can be unpacked from packages of Debian)
                     statements: an empty server on which the statements of the dump are run once more (default otherwise)
  --pg-bin N=DIR     where all programs of PostgreSQL N are; may be given for each major
  --endpoint MODE    rds: connections are cut at the switchover (default)
                     pause: held at a pooler, by the hooks stopWrites and resumeWrites; without a way back by the endpoint itself
  --fault NAME       make something go wrong:
${Object.entries(faults)
  .map(([name, what]) => `    ${name.padEnd(24)}${what}`)
  .join('\n')}
  --go-back          go back in the bake, as a person asks for it
  --rehearse-on-copy
                     rehearse the upgrade on a copy of blue, with going back, while blue serves; proves that blue saw nothing of it and that nothing of the copy is left
  --no-way-back      set up no way back
  --read-ramp        readers come by a weighted record of Route 53, and are led to green step by step before the cut
  --way-back-endpoint KIND
                     rename: going back renames both databases (default); route53: clients come by a record, which is led to blue
  --aws-latency      states, calls of functions and the end of the switchover take as long as on AWS, and time passes as there in the cut and while production goes back
  --report DIR       where report.json and index.html go (default rehearsal-report)
  --keep             keep the data directories and say where they are
  -h, --help         this text
  --version          the version of Viridian

Colours and the live line are for terminals; NO_COLOR=1 switches the colours off.

Exit code: 0 when the run ended as it should and every check held, also where it
should stop (a rejection, --fault, a dump of which RDS builds no green); 1 when it did not, or could not take place; 2 for a mistake on this command line.
`;

export const usage = longUsage
  .split('\n')
  .flatMap((line) => foldLine(line, 80))
  .join('\n');

function readNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new UsageError(`--${flag} ${text}: give a whole number from ${least} to ${most}`);
  }
  return value;
}

function readChoice<T extends string>(flag: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (!found) throw new UsageError(`--${flag} ${text}: give one of ${choices.join(', ')}`);
  return found;
}

function readSource(text: string): string {
  if (/^postgres(ql)?:\/\/[^/]*\/[^/?]+/.test(text) && URL.canParse(text)) return text;
  throw new UsageError('--source: give an address like postgres://user@host:5432/database');
}

function readPgBin(text: string): [number, string] {
  const [, major, folder] = /^(\d+)=(.+)$/.exec(text) ?? [];
  if (folder === undefined || !existsSync(folder))
    throw new UsageError(
      `--pg-bin ${text}: give a major and a folder that is there, such as 15=/usr/lib/postgresql/15/bin`,
    );
  return [readNumber('pg-bin', major ?? '', 15, 18), resolve(folder)];
}

/** Whether blue is the user's own, and not the workload's tables alone. */
export const isOwn = ({ dump, source }: Partial<Pick<RehearsalOptions, 'dump' | 'source'>>): boolean =>
  dump !== undefined || source !== undefined;

/** The user's own database, as a message names it. */
export const nameOfOwn = ({ dump }: Pick<RehearsalOptions, 'dump'>) => dump ?? 'the source';

const flags = {
  yes: { type: 'boolean', default: false },
  no: { type: 'boolean', default: false },
  engine: { type: 'string', default: 'postgres' },
  from: { type: 'string' },
  to: { type: 'string' },
  'mysql-bin': { type: 'string', multiple: true, default: [] as string[] },
  writers: { type: 'string', default: '10' },
  rows: { type: 'string', default: '20000' },
  dump: { type: 'string' },
  source: { type: 'string' },
  'rows-per-table': { type: 'string', default: '0' },
  'skip-extensions': { type: 'boolean', default: false },
  'pg-bin': { type: 'string', multiple: true, default: [] as string[] },
  green: { type: 'string' },
  endpoint: { type: 'string', default: 'rds' },
  fault: { type: 'string' },
  report: { type: 'string', default: 'rehearsal-report' },
  keep: { type: 'boolean', default: false },
  'way-back': { type: 'boolean', default: true },
  'go-back': { type: 'boolean', default: false },
  'read-ramp': { type: 'boolean', default: false },
  'rehearse-on-copy': { type: 'boolean', default: false },
  'way-back-endpoint': { type: 'string', default: 'rename' },
  'aws-latency': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false, short: 'h' },
} as const;

function parseFlags(args: string[]) {
  try {
    return parseArgs({ args, options: flags, allowPositionals: false, allowNegative: true }).values;
  } catch (error) {
    throw new UsageError(
      `${(error as Error).message.split('\n')[0]} (npm start -- --help lists the options)`,
    );
  }
}

type Flags = ReturnType<typeof parseFlags>;

/** Whether one version is newer than another, by its numbers. */
export function isNewer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  const difference = (a?.[0] ?? 0) - (b?.[0] ?? 0) || (a?.[1] ?? 0) - (b?.[1] ?? 0);
  return difference > 0;
}

/** Oldest and newest of the servers that the user names, or what can be had. */
function usualVersions(engine: Engine, mysqlBin: ReadonlyMap<string, string>): readonly [string, string] {
  const named = [...mysqlBin.keys()].sort((a, b) => Number(isNewer(a, b)) - Number(isNewer(b, a)));
  const [first, last] = [named[0], named.at(-1)];
  return first !== undefined && last !== undefined ? [first, last] : rehearsed[engine].usual;
}

function readVersions(
  engine: Engine,
  values: Pick<Flags, 'from' | 'to'>,
  mysqlBin: ReadonlyMap<string, string>,
): { from: string; to: string } {
  const { series, family, says } = rehearsed[engine];
  const [usualFrom, usualTo] = usualVersions(engine, mysqlBin);
  const { from = usualFrom, to = usualTo } = values;
  const known = [...series, ...mysqlBin.keys()];
  for (const [flag, text] of Object.entries({ from, to }))
    if (!known.includes(text)) throw new UsageError(`--${flag} ${text}: give ${says}`);
  // Of the MySQL family green follows blue by its log within a version as well, as for a change of parameters.
  if (isNewer(from, to) || (from === to && family === 'postgresql'))
    throw new UsageError(`--from ${from} --to ${to}: the target must be a newer major than the source`);
  return { from, to };
}

function readFolders(texts: string[]): ReadonlyMap<string, string> {
  return new Map(
    texts.map((text) => {
      const [, series, folder] = /^(\d+\.\d+)=(.+)$/.exec(text) ?? [];
      if (!series || !folder || !existsSync(folder))
        throw new UsageError(
          `--mysql-bin ${text}: give a series and a folder that is there, as 8.4=/opt/mysql-8.4`,
        );
      return [series, folder];
    }),
  );
}

/** Flags of which a family's servers have nothing. */
const without: Record<EngineFamily, readonly string[]> = {
  postgresql: ['--mysql-bin'],
  mysql: [
    ...[
      '--source',
      '--green',
      '--pg-bin',
      '--skip-extensions',
      '--endpoint pause',
      '--way-back-endpoint route53',
    ],
    ...(
      [
        'no-primary-key',
        'unlogged',
        'cdc-slot',
        'weak-old-blue',
        'slow-after-cut',
        'replication-broken',
        'long-transaction',
      ] satisfies FaultName[]
    ).map((fault) => `--fault ${fault}`),
  ],
};

function refuseUnknownTo(engine: Engine, values: Flags): void {
  const given = Object.entries(values).flatMap(([flag, value]) =>
    [`--${flag}`, `--${flag} ${value}`].filter(() => isGiven(value)),
  );
  const asked = given.find((flag) => without[rehearsed[engine].family].includes(flag));
  if (asked) throw new UsageError(`${asked}: there is none for --engine ${engine}`);
}

const isGiven = (value: Flags[keyof Flags]) =>
  value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);

/** Flags of which one would keep the other from happening. */
function refuseContradictions(values: Flags): void {
  const { yes, no, fault } = values;
  const needsWayBack = values['go-back'] ? '--go-back' : wayBackFaults.find((name) => name === fault);
  if (values.dump !== undefined && values.source !== undefined)
    throw new UsageError('--dump and --source: give one of them');
  if (values['rows-per-table'] !== '0' && values.source === undefined)
    throw new UsageError('--rows-per-table is for --source: a dump has the rows that it has');
  if (yes && no) throw new UsageError('--yes and --no: give one of them');
  if (no && (fault !== undefined || values['go-back']))
    throw new UsageError('--no ends the run at the approval: give it without --fault and --go-back');
  if (values['go-back'] && fault !== undefined && fault !== 'stale-names')
    throw new UsageError('--go-back and --fault: give one of them');
  if (
    values['rehearse-on-copy'] &&
    (values['go-back'] || no || fault !== undefined || values.endpoint === 'pause')
  )
    throw new UsageError(
      '--rehearse-on-copy goes back by itself and asks nobody: give it without --go-back, --no, --fault and --endpoint pause',
    );
  if (values['way-back-endpoint'] === 'route53' && (values.endpoint === 'pause' || !values['way-back']))
    throw new UsageError(
      '--way-back-endpoint route53 lets clients come by a record: give it without --endpoint pause and --no-way-back',
    );
  if (fault?.startsWith('bad-read-step') && !values['read-ramp'])
    throw new UsageError(`--fault ${fault} is a step of --read-ramp: give both`);
  if (values['read-ramp'] && values.endpoint === 'pause')
    throw new UsageError(
      '--read-ramp lets readers come to the endpoints of RDS: give it without --endpoint pause',
    );
  if (needsWayBack && !values['way-back'])
    throw new UsageError(`${needsWayBack} needs a way back: give it without --no-way-back`);
}

/** Reads the command line of `npm start`; undefined when help was asked for. `terminal`: a person can answer. */
export function readOptions(args: string[], terminal: boolean): RehearsalOptions | undefined {
  const values = parseFlags(args);
  if (values.help) return undefined;
  refuseContradictions(values);
  const engine = readChoice('engine', values.engine, engines);
  refuseUnknownTo(engine, values);
  const mysqlBin = readFolders(values['mysql-bin']);
  const { from, to } = readVersions(engine, values, mysqlBin);
  if (values.dump !== undefined && !existsSync(values.dump)) {
    throw new UsageError(
      `--dump ${values.dump}: there is no such file; give what pg_dump, mysqldump or mariadb-dump has made`,
    );
  }
  return {
    answer: values.no ? 'no' : values.yes || !terminal ? 'yes' : 'ask',
    engine,
    from,
    to,
    mysqlBin,
    writers: readNumber('writers', values.writers, 1, 64),
    rows: readNumber('rows', values.rows, 0, 10_000_000),
    dump: values.dump,
    source: values.source === undefined ? undefined : readSource(values.source),
    rowsPerTable: readNumber('rows-per-table', values['rows-per-table'], 0, 10_000_000),
    skipExtensions: values['skip-extensions'],
    pgBin: new Map(values['pg-bin'].map(readPgBin)),
    green:
      values.green === undefined
        ? undefined
        : readChoice('green', values.green, ['copy', 'statements'] as const),
    endpoint: readChoice('endpoint', values.endpoint, ['rds', 'pause'] as const),
    fault:
      values.fault === undefined
        ? undefined
        : readChoice('fault', values.fault, Object.keys(faults) as FaultName[]),
    report: values.report,
    keep: values.keep,
    wayBack: values['way-back'],
    goBack: values['go-back'],
    readRamp: values['read-ramp'],
    rehearseOnCopy: values['rehearse-on-copy'],
    wayBackEndpoint: readChoice('way-back-endpoint', values['way-back-endpoint'], [
      'rename',
      'route53',
    ] as const),
    awsLatency: values['aws-latency'],
  };
}
