import { firstNames } from '../model/first-names.ts';
import { isWider } from './column-type.ts';

/** A column as the catalog of either family has it. */
export interface Column {
  name: string;
  /** With its length, its precision and its character set: `character varying(20)`. */
  type: string;
  notNull: boolean;
  /** A row that names no value for it gets one: by a default, as an identity, or by AUTO_INCREMENT. */
  hasDefault: boolean;
  generated: boolean;
}

/** A table of the application. */
export interface Table {
  /** With its database and its schema. */
  name: string;
  /** In the order of the table. */
  columns: Column[];
  /** Columns by which a row is found for an update: the replica identity, or the primary key. `*`: the whole row. */
  key: string[];
  /** Names of constraints and unique indexes that a row must meet, each with its kind, for example `check`. */
  constraints: Record<string, string>;
  /** Names of triggers; true: one that fires for replicated rows as well. */
  triggers: Record<string, boolean>;
}

/** One difference, and what it means for rows that go from one side to the other. Harmless ones are not told. */
export interface SchemaFinding {
  severity: 'blocker' | 'warning';
  sentence: string;
}

/** What the comparison of both sides gave, in sentences: a dozen each. */
export interface SchemaVerdict {
  /** What replication from blue to green does not survive. */
  blockers: string[];
  /** What the application, or some row, may not survive. */
  warnings: string[];
  /** What the stream from green back to blue would not survive. */
  back: string[];
}

/** Compares both sides in both directions. */
export function judgeSchemas(family: 'postgresql' | 'mysql', blue: Table[], green: Table[]): SchemaVerdict {
  const forward = compareTables(family, blue, green);
  const back = compareTables(family, green, blue);
  const of = (severity: SchemaFinding['severity'], found: SchemaFinding[]) =>
    firstNames(found.filter((one) => one.severity === severity).map(({ sentence }) => sentence));
  return { blockers: of('blocker', forward), warnings: of('warning', forward), back: of('blocker', back) };
}

/** What happens to rows of `from` that are replicated into `to`. */
export function compareTables(family: 'postgresql' | 'mysql', from: Table[], to: Table[]): SchemaFinding[] {
  const there = new Map(to.map((table) => [table.name, table]));
  return from.flatMap((table) => {
    const other = there.get(table.name);
    if (!other)
      return [
        block(
          `table ${table.name} is gone where its rows are to go: keep it until rows come no more, and drop it then`,
        ),
      ];
    const columns = family === 'postgresql' ? compareByName(table, other) : compareByPosition(table, other);
    return [
      ...columns,
      ...compareKey(family, table, other),
      ...compareConstraints(family, table, other),
      ...compareTriggers(family, table, other),
    ];
  });
}

const block = (sentence: string): SchemaFinding => ({ severity: 'blocker', sentence });
const warn = (sentence: string): SchemaFinding => ({ severity: 'warning', sentence });

/** Logical replication of PostgreSQL finds the column of the same name (PostgreSQL manual, "Logical Replication: Subscription"). */
function compareByName(from: Table, to: Table): SchemaFinding[] {
  const there = new Map(to.columns.map((column) => [column.name, column]));
  const known = new Set(from.columns.map(({ name }) => name));
  return [
    ...from.columns.flatMap((column) => comparePair(to.name, column, there.get(column.name))),
    ...to.columns.filter(({ name }) => !known.has(name)).flatMap((column) => judgeAdded(to.name, column)),
  ];
}

function comparePair(table: string, from: Column, to: Column | undefined): SchemaFinding[] {
  const at = `${table}.${from.name}`;
  // A generated column is not sent (before PostgreSQL 18, and from 18 on only where a publication asks for it).
  if (!to) return from.generated ? [] : [block(missing(table, from))];
  if (to.generated && !from.generated)
    return [
      block(`${at} is generated where its values are to go, which stops replication: ${expand(table, to)}`),
    ];
  if (from.generated && !to.generated)
    return [block(`${at} is generated where rows come from and is not sent: its values would be lost`)];
  return [...compareType(at, from, to), ...compareNull(at, from, to)];
}

const missing = (table: string, { name, type }: Column) =>
  `${table}.${name} is gone, or has another name, where its values are to go, which stops replication: ` +
  `ALTER TABLE ${table} ADD COLUMN ${name} ${type}; add what is new beside it, and drop it once nothing reads it any more`;

const expand = (table: string, { name, type }: Column) =>
  `add another column (ALTER TABLE ${table} ADD COLUMN ${name}_new ${type}), and drop this one after the cut`;

function compareType(at: string, from: Column, to: Column): SchemaFinding[] {
  if (from.type === to.type) return [];
  return isWider(from.type, to.type)
    ? [warn(`${at} is ${to.type} and was ${from.type}: rows arrive, and the application reads another type`)]
    : [
        block(
          `${at} is ${to.type} and comes as ${from.type}: a value that does not fit stops replication. Add another column, fill it, and drop this one after the cut`,
        ),
      ];
}

const compareNull = (at: string, from: Column, to: Column): SchemaFinding[] =>
  to.notNull && !from.notNull
    ? [
        warn(
          `${at} takes no NULL any more: a row that has one stops replication. SET NOT NULL after the cut is safe`,
        ),
      ]
    : [];

function judgeAdded(table: string, column: Column): SchemaFinding[] {
  const { name, type, notNull, hasDefault, generated } = column;
  if (generated || hasDefault || !notNull)
    return [warn(`${table}.${name} (${type}) is new: statements that name no columns see it`)];
  return [
    block(
      `${table}.${name} is new, takes no NULL and has no default, so every row that comes stops replication: ` +
        `ALTER TABLE ${table} ALTER COLUMN ${name} DROP NOT NULL, and SET NOT NULL after the cut`,
    ),
  ];
}

/** The binary log of the MySQL family knows columns by their place, and takes no other type (`replica_type_conversions` is empty on RDS by default). */
function compareByPosition(from: Table, to: Table): SchemaFinding[] {
  const there = new Set(to.columns.map(({ name }) => name));
  const known = new Set(from.columns.map(({ name }) => name));
  const pairs = from.columns.flatMap((column, place): SchemaFinding[] => {
    const other = to.columns[place];
    const at = `${to.name}.${column.name}`;
    if (!other) return [block(missing(to.name, column))];
    if (
      other.name !== column.name &&
      (there.has(column.name) || known.has(other.name) || other.type !== column.type)
    )
      return [
        block(
          `the place of ${at} is taken by ${other.name}, and values go by their place: add columns at the end of the table, and drop none before the cut`,
        ),
      ];
    if (other.name !== column.name)
      return [
        warn(
          `${at} is called ${other.name}: values go by their place, and the application must know both names`,
        ),
      ];
    if (other.generated !== column.generated)
      return [block(`${at} is generated on one side only: ${expand(to.name, other)}`)];
    if (other.type !== column.type)
      return [
        block(
          `${at} is ${other.type} and comes as ${column.type}, which stops replication: add another column at the end, and drop this one after the cut`,
        ),
      ];
    return compareNull(at, column, other);
  });
  const added = to.columns.slice(from.columns.length).filter(({ name }) => !known.has(name));
  return [...pairs, ...added.flatMap((column) => judgeAdded(to.name, column))];
}

function compareKey(family: 'postgresql' | 'mysql', from: Table, to: Table): SchemaFinding[] {
  if (from.key.join() === to.key.join()) return [];
  const keys = `the key of ${to.name} is (${to.key.join(', ')}) and comes as (${from.key.join(', ')})`;
  if (family === 'mysql')
    return [warn(`${keys}: rows are found by another key, and doubles of it stop replication`)];
  // A subscriber finds a row by its own key, whose columns must be sent.
  const sent = from.key.includes('*') || to.key.every((name) => from.key.includes(name));
  if (sent && to.key.length > 0) return [warn(`${keys}: a row that doubles it stops replication`)];
  return from.key.length === 0
    ? []
    : [block(`${keys}, so no update and no delete arrives: keep the key, and change it after the cut`)];
}

function compareConstraints(family: 'postgresql' | 'mysql', from: Table, to: Table): SchemaFinding[] {
  return Object.entries(to.constraints)
    .filter(([name]) => !(name in from.constraints))
    .map(([name, kind]) =>
      warn(
        kind === 'foreign key' && family === 'postgresql'
          ? `${to.name} has the new foreign key ${name}: rows that are replicated are not held against it, so look for rows that miss it`
          : `${to.name} has the new ${kind} ${name}: a row that does not meet it stops replication. Make it after the cut, or be sure of every row`,
      ),
    );
}

function compareTriggers(family: 'postgresql' | 'mysql', from: Table, to: Table): SchemaFinding[] {
  return Object.entries(to.triggers)
    .filter(([name]) => !(name in from.triggers))
    .map(([name, firesForReplicated]) =>
      warn(
        firesForReplicated && family === 'postgresql'
          ? `the new trigger ${name} of ${to.name} fires for replicated rows as well (ENABLE ALWAYS or REPLICA)`
          : `the new trigger ${name} of ${to.name} does not fire for replicated rows: fill in what it would have done`,
      ),
    );
}
