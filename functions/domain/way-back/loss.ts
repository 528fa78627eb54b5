import type { EndName } from '../model/ends.ts';
import { foreignText, isSameText } from '../model/text.ts';
import type { CompareProgress, DrainedDatabase, StreamFacts, TableComparison } from './facts.ts';
import { comparePositions } from './log-position.ts';

/** A database of which not everything has arrived in blue. */
export interface BehindDatabase {
  database: string;
  /** Until here it has arrived (a position of new production's log); null: it cannot be read. */
  since: string | null;
  /** Log between there and the end; null: it cannot be read. */
  bytes: number | null;
  /** When new production sent the newest beat that has arrived: what was committed before is there. ISO time; null: it cannot be read. */
  wholeUntil: string | null;
  /** What is seen of the stream. */
  stream: string;
}

/** Rows that blue would not have if production went back now, as far as it can be read. */
export interface Loss {
  /** What a person types to accept it; null when a part of it cannot be read, and so cannot be accepted. */
  statement: string | null;
  behind: BehindDatabase[];
  tables: TableComparison[];
  /** Not every table was compared to its end: any may differ. */
  anyTable: boolean;
}

/** What a person has accepted, and the loss that was stated to them. */
export interface AcceptedLoss {
  by: string;
  statement: string;
  loss: Loss;
}

export interface LossFacts {
  databases: string[];
  /** Null: it could not be read. */
  drained: DrainedDatabase[] | null;
  /** Null: it could not be read. */
  streams: StreamFacts[] | null;
  /** Null: nothing was compared. */
  progress: CompareProgress | null;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Puts a loss together from what both sides say after the fence. What is not read is unknown, never nothing. */
export function stateLoss(facts: LossFacts): Loss {
  const behind = facts.databases
    .filter((name) => !facts.drained?.some(({ database, drained }) => database === name && drained))
    .map((name) => describeBehind(name, facts));
  const names = behind.map(({ database }) => database);
  const { progress } = facts;
  const tables = (progress?.examples ?? []).filter(({ database }) => !names.includes(database));
  const anyTable =
    progress !== null &&
    (progress.differing > progress.examples.length || (progress.differing > 0 && !progress.done));
  return { statement: writeStatement(behind, tables, anyTable), behind, tables, anyTable };
}

function describeBehind(name: string, { drained, streams, now }: LossFacts): BehindDatabase {
  const arrived = drained?.find(({ database }) => database === name);
  const stream = streams?.find(({ database }) => database === name);
  const age = stream?.beat.arrivedAgeSeconds ?? null;
  return {
    database: name,
    since: arrived?.confirmed ?? stream?.slot?.confirmed ?? null,
    bytes: stream?.slot?.lagBytes ?? null,
    wholeUntil: age === null ? null : new Date(now - age * 1000).toISOString(),
    stream: describeStream(stream),
  };
}

function describeStream(stream: StreamFacts | undefined): string {
  if (!stream) return 'the stream cannot be read';
  const { slot, subscription } = stream;
  if (!slot) return 'its slot is gone';
  if (!subscription) return 'its subscription is gone';
  const errors = subscription.applyErrors ? `, applying has failed ${subscription.applyErrors} times` : '';
  if (!subscription.enabled) return `its subscription is disabled${errors}`;
  return `${subscription.workerAlive ? 'the stream runs' : 'nothing applies it'}${errors}`;
}

function writeStatement(
  behind: BehindDatabase[],
  tables: TableComparison[],
  anyTable: boolean,
): string | null {
  if (behind.some(({ since }) => since === null)) return null;
  const parts = [
    ...behind.map(({ database, since }) => `everything since ${since} in ${database}`),
    ...(anyTable
      ? ['rows of any table']
      : tables.map(({ database, table }) => `rows of ${table} in ${database}`)),
  ];
  return parts.length === 0 ? null : `lose ${parts.join(', ')}`;
}

/**
 * Why a loss goes beyond what was accepted; empty when it does not. Accepted are a database from a position on, whatever was written
 * there since, and the rows of a table, however many.
 */
export function findExceeding(loss: Loss, accepted: Loss | undefined): string[] {
  if (!accepted) return ['nobody has accepted it'];
  const whole = (name: string) => accepted.behind.find(({ database }) => database === name);
  return [
    ...loss.behind.flatMap(({ database, since }) => {
      const known = whole(database)?.since;
      if (!known) return [`${database} has not received everything, which was not accepted`];
      return since && comparePositions(since, known) >= 0
        ? []
        : [
            `${database} has received everything until ${since ?? 'an unknown position'} only, not until ${known}`,
          ];
    }),
    ...(loss.anyTable && !accepted.anyTable ? ['tables differ that were not named'] : []),
    ...loss.tables
      .filter(
        ({ database, table }) =>
          !accepted.anyTable &&
          !whole(database) &&
          !accepted.tables.some((one) => one.database === database && one.table === table),
      )
      .map(({ database, table }) => `${table} in ${database} differs, which was not accepted`),
  ];
}

/** Whether a text is what was stated. */
export function isStatement(typed: string, loss: Loss | null | undefined): boolean {
  return loss?.statement != null && isSameText(typed, loss.statement);
}

/** The loss, a line a database and a table. */
export function describeLoss({ behind, tables, anyTable }: Loss): string[] {
  return [
    ...behind.map(
      ({ database, since, bytes, wholeUntil, stream }) =>
        `database ${database}: everything that was written since ${since ?? 'a position that cannot be read'}` +
        ` (${bytes === null ? 'how much is unknown' : `${bytes} bytes of log`}; whole until ${wholeUntil ?? 'a time that is unknown'}; ${stream})`,
    ),
    ...tables.map(describeTable),
    ...(anyTable ? ['more tables may differ: not all were compared'] : []),
  ];
}

function describeTable({ database, table, rows }: TableComparison): string {
  if (rows.production === null || rows.target === null)
    return `${table} in database ${database}: it is on one side only, or its columns differ`;
  const rest = rows.production === rows.target ? ', which are not the same' : '';
  return `${table} in database ${database}: ${rows.production} rows on new production, ${rows.target} on blue${rest}`;
}

/** The input that accepts a loss, as it is typed. */
export function inputToAccept(run: string, { statement }: Loss): string | undefined {
  if (statement === null) return undefined;
  return JSON.stringify({ executionArn: run, acceptLoss: { statement } });
}

export interface LossReport {
  end: EndName;
  /** ARN of the run whose way back it is. */
  run?: string | null;
  loss?: Loss | null;
  accepted?: AcceptedLoss | null;
}

/** What the end of going back says of a loss: its heading, its sentences, and the input that accepts it, which is typed as it stands. */
export function composeLoss({
  end,
  run,
  loss,
  accepted,
}: LossReport): { heading: string; lines: string[]; input?: string } | undefined {
  const who = accepted ? [`${foreignText(accepted.by, 200)} accepted: "${accepted.statement}"`] : [];
  if (end === 'Did not go back: green serves production') {
    if (!loss) return undefined;
    const beyond = accepted
      ? findExceeding(loss, accepted.loss).map((why) => `Beyond what was accepted: ${why}`)
      : [];
    const input = inputToAccept(run ?? '', loss);
    const next =
      input === undefined
        ? 'It cannot be accepted, because a part of it cannot be read'
        : 'New production is open again, and what it takes in there meanwhile would be lost as well. To go back with this loss, start roll-back with the input below';
    return {
      heading: 'What going back would lose',
      lines: [...describeLoss(loss), ...who, ...beyond, next],
      ...(input !== undefined && { input }),
    };
  }
  if (!accepted) return undefined;
  const lost = loss ? describeLoss(loss) : ['As far as was compared nothing had to be lost'];
  return { heading: 'Loss that was accepted', lines: [...who, ...lost] };
}
