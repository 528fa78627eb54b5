import { databasesOf } from '../build/readiness.ts';
import type { Database, Side, Verdict } from '../model/deployment.ts';
import { lookAtRds, notYet } from '../model/not-yet.ts';
import { databasePhase, deploymentPhase, pairPhase } from '../model/phase.ts';

/** What is read after the cut, anew and by resource id. */
export interface AfterCut {
  database: Database;
  engineVersion: string;
  /** Resource id that the production name leads to now; undefined when nothing has that name. */
  production: string | undefined;
  /** Resource id of the green of this run. */
  expected: string;
  /** Former green; undefined when it is gone. */
  green: Side | undefined;
  oldBlue: Side | undefined;
  record: { status: string; pairs: { source: string; status: string }[] } | undefined;
}

/**
 * Whether the cut is whole: the production name leads to the former green, every member is switched, available and of the wanted
 * version, and old blue is there under another name. Not yet where waiting may mend it.
 */
export function judgeProduction(seen: AfterCut): Verdict<{ green: Side; oldBlue: Side }> {
  const { green, oldBlue, engineVersion } = seen;
  const fault = findFault(seen);
  if (fault) return { kind: 'no', because: fault };
  const pending = findPending(seen);
  if (pending) return notYet(pending, lookAtRds('the deployment'));
  if (!green) return notYet('the former green is not listed by its resource id', deleted);
  if (!oldBlue) return notYet('old blue is not listed by its resource id', deleted);
  const unfit = findUnfit(green, engineVersion);
  return unfit ? notYet(unfit, lookAtRds('new production')) : { kind: 'ready', facts: { green, oldBlue } };
}

const deleted = 'look in CloudTrail whether somebody deleted it';

function findFault({ database, production, expected, record, oldBlue }: AfterCut): string | undefined {
  if (production !== undefined && production !== expected)
    return `${database.id} leads to ${production}, not to the former green (${expected})`;
  const failed = record?.pairs.find(({ status }) => ['switch-failed', 'missing'].includes(pairPhase(status)));
  if (failed) return `${failed.source} was not switched with the others (${failed.status})`;
  if (oldBlue?.id === database.id)
    return `old blue (${oldBlue.resourceId}) still has the name ${database.id}`;
  return undefined;
}

/** What is not as it is after a switchover, by the name of production and by the record of the deployment. */
function findPending({ database, production, record }: AfterCut): string | undefined {
  if (production === undefined) return `nothing has the name ${database.id} just now`;
  if (!record) return 'RDS does not list the deployment just now';
  if (deploymentPhase(record.status) !== 'switched') return `the deployment is ${record.status}`;
  const pair = record.pairs.find(({ status }) => pairPhase(status) !== 'switched');
  return pair && `the pair of ${pair.source} is ${pair.status}`;
}

/** A database of the former green that is busy or of another version. */
function findUnfit(green: Side, engineVersion: string): string | undefined {
  const busy = databasesOf(green).find(({ status }) => databasePhase(status) !== 'available');
  if (busy) return `${busy.id} is ${busy.status}`;
  const other = [green, ...green.members].find((one) => one.engineVersion !== engineVersion);
  return other && `${other.id} runs ${other.engineVersion}, wanted is ${engineVersion}`;
}
