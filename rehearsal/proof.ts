import type { Database } from '../packages/local-aws/postgres/database.ts';
import {
  type Comparison,
  checkSequences,
  type FoundKeys,
  findKeys,
  judgeWrites,
  verifyWrites,
} from '../packages/local-aws/postgres/verify.ts';
import { databaseName, productionOf } from './blue.ts';
import { checkInvariants } from './invariants/check.ts';
import type { Evidence } from './invariants/evidence.ts';
import { type Baseline, gatherEvidence } from './invariants/gather.ts';
import { dividePeriods, type measureGaps } from './measure.ts';
import type { Report } from './report/types.ts';
import type { Stage } from './stage.ts';
import { kindOf } from './workload/clients/client-kinds.ts';
import type { WorkloadResult } from './workload/workload.ts';

/**
 * What clients and tables say after the run.
 * @param gaps of the cut and of going back
 * @param before what replicated before the run, which is the user's own, and which sequences were behind
 */
export async function proveData(
  stage: Stage,
  result: WorkloadResult,
  gaps: ReturnType<typeof measureGaps>,
  before: { standing: string[]; behind: ReadonlySet<string> },
) {
  const production = productionOf(stage.account);
  if (!production) throw new Error(`nothing has the name ${databaseName} any more`);
  const database = stage.plane.database(production);
  const rows = await verifyWrites(database, result.writes);
  const found = await findKeys(database);
  const tables = await compareAtCut(stage);
  const { rows: versions } = await database.sql.query<{ version: string }>(
    `SELECT current_setting('server_version') AS version`,
  );
  return {
    rows,
    clients: judgeKinds(found, result),
    periods: dividePeriods(found, result.writes, cutOf(stage) ? gaps : { cut: null, back: null }),
    tables,
    windowMs: cutOf(stage)?.windowMs ?? null,
    sequences: await proveSequences(stage, database, before.behind),
    version: versions[0]?.version ?? '',
    leftovers: await findLeftovers(stage, before.standing),
  };
}

/** The rows of each kind of client, beside what it saw. */
function judgeKinds(found: FoundKeys, { clients, writes }: WorkloadResult): Report['clients'] {
  return clients.map((tally) => {
    const own = writes.filter(({ writer }) => kindOf(writer).name === tally.kind);
    return { ...tally, ...judgeWrites(found, own) };
  });
}

/** The deployment that was switched over; undefined when none was. */
function deploymentOf({ account }: Stage): string | undefined {
  const [switchover] = account.rds.journal.accepted('SwitchoverBlueGreenDeployment');
  return (switchover?.input as { BlueGreenDeploymentIdentifier?: string } | undefined)
    ?.BlueGreenDeploymentIdentifier;
}

function cutOf(stage: Stage) {
  return stage.plane.cutOf(deploymentOf(stage) ?? '');
}

/** Every table of old blue beside new production, as both were at the cut; empty when there was none. */
async function compareAtCut(stage: Stage): Promise<Comparison[]> {
  const tables = await stage.plane.comparisonAtCut(deploymentOf(stage) ?? '');
  // Marks of the way back stand on green alone.
  return tables.filter(({ name }) => !name.startsWith('viridian.'));
}

/** Every sequence at the cut, and at the end beside what it has filled. */
async function proveSequences(
  stage: Stage,
  database: Database,
  behind: ReadonlySet<string>,
): Promise<Report['sequences']> {
  const atCut = new Map(cutOf(stage)?.sequences.map((sequence) => [sequence.name, sequence]));
  const atEnd = new Map((await checkSequences(database)).map(({ name, ahead }) => [name, ahead]));
  return [...new Set([...atEnd.keys(), ...atCut.keys()])].sort().map((name) => ({
    name,
    ahead: atEnd.get(name) ?? null,
    wasBehind: behind.has(name),
    value: atCut.get(name)?.value ?? null,
    equal: atCut.get(name)?.equal ?? null,
  }));
}

/** What logical replication leaves behind when nobody cleans up, on every server that still runs. */
async function findLeftovers({ account, plane }: Stage, standing: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const { DBInstanceIdentifier: name, database } of account.rds.world.instances) {
    const here = await findReplication(plane.database(database));
    found.push(...here.filter((what) => !standing.includes(what)).map((what) => `${what} on ${name}`));
  }
  return found;
}

/** Everything on a server that has to do with replication, such as `publication orders_feed`. */
export async function findReplication({ sql }: Database): Promise<string[]> {
  const { rows } = await sql.query<{ what: string }>(
    `SELECT 'slot ' || slot_name AS what FROM pg_replication_slots UNION ALL
     SELECT 'publication ' || pubname FROM pg_publication UNION ALL
     SELECT 'subscription ' || subname FROM pg_subscription`,
  );
  return rows.map(({ what }) => what);
}

/** Checks every invariant on what the account recorded. */
export function proveInvariants(
  { account }: Stage,
  baseline: Baseline,
  executionArn: string,
  found: Pick<Evidence, 'end' | 'writability' | 'rows' | 'acknowledgements' | 'leftovers' | 'logs'>,
) {
  const production = productionOf(account);
  return checkInvariants(gatherEvidence(account, baseline, executionArn, { ...found, production }));
}

/** Sequences that stand behind the column that they fill: usual where rows were brought with their keys, and no fault of an upgrade. */
export async function findBehind(database: Database): Promise<Set<string>> {
  const behind = (await checkSequences(database)).filter(({ ahead }) => !ahead);
  return new Set(behind.map(({ name }) => name));
}
