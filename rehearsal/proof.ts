import {
  type Comparison,
  countKeys,
  type FoundKeys,
  judgeWrites,
} from '../packages/local-aws/servers/verification.ts';
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
  const { servers } = stage;
  const found = await servers.findKeys(production);
  const tables = await compareAtCut(stage);
  return {
    rows: countKeys(found, result.writes),
    clients: judgeKinds(found, result, servers.writers.kinds),
    periods: dividePeriods(found, result.writes, cutOf(stage) ? gaps : { cut: null, back: null }),
    tables,
    windowMs: cutOf(stage)?.windowMs ?? null,
    sequences: await proveSequences(stage, production, before.behind),
    version: await servers.readVersion(production),
    leftovers: await findLeftovers(stage, before.standing),
  };
}

/** The rows of each kind of client, beside what it saw. */
function judgeKinds(
  found: FoundKeys,
  { clients, writes }: WorkloadResult,
  kinds: readonly string[],
): Report['clients'] {
  return clients.map((tally) => {
    const own = writes.filter(({ writer }) => kindOf(writer, kinds).name === tally.kind);
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
  production: string,
  behind: ReadonlySet<string>,
): Promise<Report['sequences']> {
  const atCut = new Map(cutOf(stage)?.sequences?.map((sequence) => [sequence.name, sequence]));
  const atEnd = new Map(
    (await stage.servers.checkSequences(production)).map(({ name, ahead }) => [name, ahead]),
  );
  return [...new Set([...atEnd.keys(), ...atCut.keys()])].sort().map((name) => ({
    name,
    ahead: atEnd.get(name) ?? null,
    wasBehind: behind.has(name),
    value: atCut.get(name)?.value ?? null,
    equal: atCut.get(name)?.equal ?? null,
  }));
}

/** What logical replication leaves behind when nobody cleans up, on every server that still runs. */
async function findLeftovers({ account, servers }: Stage, standing: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const { DBInstanceIdentifier: name, database } of account.rds.world.instances) {
    const here = await servers.findReplication(database);
    found.push(...here.filter((what) => !standing.includes(what)).map((what) => `${what} on ${name}`));
  }
  return found;
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
export async function findBehind({ servers, blue }: Stage): Promise<Set<string>> {
  const behind = (await servers.checkSequences(blue.database)).filter(({ ahead }) => !ahead);
  return new Set(behind.map(({ name }) => name));
}
