import { classWanted } from '../build/members.ts';
import type { ServerSize } from '../hand-over/side-facts.ts';
import type { Deployment, Side } from '../model/deployment.ts';
import { isAurora, isPostgres } from '../model/engine.ts';
import { isMajorUpgrade } from '../model/engine-version.ts';
import { showSpan } from '../model/text.ts';
import type { Request } from './request.ts';

/** The shortest build that anybody has published. Minutes. */
const shortestBuild = 43;

/**
 * How fast ANALYZE is, as measured on a machine of two cores (docs/performance.md, "Size of the database"). A table that is not in memory is read from
 * disk, whose throughput then counts.
 */
const analyzing = { perTableSeconds: 0.0014, bytesPerSecond: 100 * 2 ** 20 };

/** RDS sets every sequence of green during the switchover: thousands of them make it longer ("Best practices for blue/green deployments"). */
const manySequences = 1_000;

type Planned = Pick<Deployment, 'database' | 'blue' | 'replication'> & { size?: ServerSize | undefined };

/** What a run is going to take, each with what it follows from, in whole sentences. No price: docs/decisions.md. */
export function estimateRun(request: Request, planned: Planned): string[] {
  return [
    estimateBuild(request, planned),
    estimateCost(planned.blue, request),
    describeOutage(request, planned),
    ...estimateStatistics(request, planned),
  ];
}

function estimateBuild({ target }: Request, { database, blue, size }: Planned): string {
  const data = size ? `; its databases hold ${showGiB(size.bytes)}` : '';
  const from = isAurora(database.engine)
    ? `It is cloned from the storage of blue, and then catches up${data}.`
    : `It is restored from a snapshot of ${blue.storageGiB ?? '?'} GiB, and then catches up${data}.`;
  return `Green: no published build took less than ${shortestBuild} minutes; it takes hours with terabytes, or under many writes. ${from} The run gives it ${target.readyWithinHours} h.`;
}

function estimateCost({ members, storageGiB }: Side, { target }: Request): string {
  const green = members.map((member) => ({ ...member, instanceClass: classWanted(target, member) }));
  const hardware = describeHardware({
    members: green,
    storageGiB: target.storage?.allocatedGiB ?? storageGiB,
  });
  return `Cost: every hour green runs beside blue, and old blue beside new production after the cut, until somebody deletes it: ${hardware}. Viridian does not know your prices.`;
}

/** What of a side costs by the hour: its databases by their classes, and its storage. */
export function describeHardware({ members, storageGiB }: Pick<Side, 'members' | 'storageGiB'>): string {
  const classes = Map.groupBy(members, ({ instanceClass }) => instanceClass);
  const instances = [...classes].map(([name, { length }]) => `${length} x ${name}`).join(', ');
  return `${instances} and ${storageGiB === null ? "the cluster's changed pages" : `${storageGiB} GiB of storage`}`;
}

/**
 * What a rehearsal on a copy has measured, where there was one, and AWS's own expectation: RDS User Guide, "Switching a blue/green
 * deployment". Of production nothing is measured before the cut.
 */
export function describeOutage(
  { switchover, hooks }: Pick<Request, 'switchover' | 'hooks'>,
  { size, rehearsed }: { size?: ServerSize | undefined; rehearsed?: string | undefined },
): string {
  const held = hooks.stopWrites ? ' Writes are held by the hook stopWrites from shortly before.' : '';
  const sequences =
    (size?.sequences ?? 0) >= manySequences
      ? ` This database has ${size?.sequences} sequences, which are set one by one meanwhile.`
      : '';
  return (
    `${rehearsed ? `${rehearsed} ` : ''}Typically under a minute without writes, by AWS's documentation; more with many writes, connections or sequences.${sequences} ` +
    `After ${switchover.timeoutSeconds} s RDS rolls back by itself.${held}`
  );
}

/** A new major version of PostgreSQL begins without statistics. */
function estimateStatistics({ target }: Request, { database, blue, replication, size }: Planned): string[] {
  const to = target.engineVersion ?? blue.engineVersion;
  if (replication !== 'logical' || !isPostgres(database.engine)) return [];
  if (!isMajorUpgrade(database.engine, blue.engineVersion, to)) return [];
  if (!size?.sampled)
    return [
      'Statistics: green begins without any; how long ANALYZE takes is not known without wayBack.login.',
    ];
  const { tables, sampled } = size;
  const seconds = tables * analyzing.perTableSeconds + sampled / analyzing.bytesPerSecond;
  return [
    `Statistics: green begins without any. ANALYZE of ${tables} tables reads ${showGiB(sampled)} at most: about ${showSpan(Math.ceil(seconds))} where green reads ${analyzing.bytesPerSecond / 2 ** 20} MiB/s, before people are asked.`,
  ];
}

const showGiB = (bytes: number): string =>
  bytes < 2 ** 30 ? `${Math.ceil(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
