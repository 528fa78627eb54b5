import type { Deployment, Side } from '../model/deployment.ts';
import type { ServingAtEnd } from '../model/ends.ts';
import { deploymentPhase } from '../model/phase.ts';
import { isRead, type Reading } from '../model/reading.ts';
import { targetOf } from '../way-back/target.ts';

/** What exists and serves at the end of a run, read anew. A part that the run never knew is absent. */
export interface EndState {
  /** Resource id that the address of production leads to, or in words what else it leads to; null: nothing has that name. */
  production: Reading<string | null>;
  /** Blue by its resource id, whatever it is called now; null when it is gone. */
  blue?: Reading<Side | null>;
  /** Green by its resource id, likewise. */
  green?: Reading<Side | null>;
  /** The clone that a way back was made with, likewise. */
  clone?: Reading<Side | null>;
  /** Record of the deployment; null when it is gone. */
  record?: Reading<{ id: string; status: string } | null>;
  /** Final snapshot of old blue; null when there is none. */
  snapshot?: Reading<{ id: string; status: string } | null>;
  /** Final snapshots of its replicas; null for one that needed none. */
  snapshotsOfReplicas?: Reading<{ id: string; status: string } | null>[];
  /** Days for which RDS keeps the automated backups of old blue once it is deleted. */
  backups?: number;
}

/** Something that the run leaves behind beside production. */
export interface Leftover {
  what:
    | 'blue'
    | 'green'
    | 'old blue'
    | 'clone of old blue'
    | 'final snapshot'
    | 'automated backups'
    | 'deployment record';
  id: string;
  resourceId?: string;
  /** What is known of its cost, or that it costs nothing. Prices are not known here. */
  cost: string;
  /** False when it could not be read: it must then be taken as running. */
  read: boolean;
}

/**
 * Everything that still runs beside production, by id. A side that could not be read is listed as if it ran.
 * @param serves which side the run ended with; it names production where that cannot be read
 */
export function findLeftovers(
  deployment: Partial<Deployment>,
  endState: EndState,
  serves: ServingAtEnd,
): Leftover[] {
  const proved = serves === 'unknown' ? undefined : sideThatServes(deployment, serves)?.resourceId;
  const serving = isRead(endState.production) ? endState.production.value : proved;
  return [
    ...leftSide('green', deployment.green, endState.green, serving),
    ...leftSide('clone', deployment.clone, endState.clone, serving),
    ...leftSide('blue', deployment.blue, endState.blue, serving),
    ...leftRecord(deployment, endState.record),
    ...leftSnapshot(endState.snapshot),
    ...(endState.snapshotsOfReplicas ?? []).flatMap(leftSnapshot),
    ...leftBackups(deployment, endState),
  ];
}

function leftBackups({ blue }: Partial<Deployment>, { blue: now, backups = 0 }: EndState): Leftover[] {
  const isDeleted = now && isRead(now) && (now.value === null || now.value.status === 'deleting');
  if (!blue || !isDeleted || backups === 0) return [];
  const cost = `RDS keeps them for ${backups} days after the deletion; backup storage, by the month`;
  return [{ what: 'automated backups', id: `of ${blue.id}`, resourceId: blue.resourceId, cost, read: true }];
}

/** The side that an end means by its name: after going back "blue" is the target, which may be a clone of it. */
export function sideThatServes(
  { blue, green, clone }: Partial<Deployment>,
  serves: 'blue' | 'green',
): Side | undefined {
  return serves === 'green' ? green : blue && targetOf({ blue, ...(clone && { clone }) });
}

function leftSide(
  side: 'blue' | 'green' | 'clone',
  known: Side | undefined,
  reading: Reading<Side | null> | undefined,
  serving: string | null | undefined,
): Leftover[] {
  if (!known?.resourceId || !reading || known.resourceId === serving) return [];
  const { resourceId } = known;
  const what = nameSide(side, serving);
  if (!isRead(reading)) {
    const cost = `could not be read (${reading.unreadable}); take it as running`;
    return [{ what, id: known.id, resourceId, cost, read: false }];
  }
  const now = reading.value;
  if (!now) return [];
  const cost = now.status === 'deleting' ? 'is being deleted' : describeSize(now);
  return [{ what, id: now.id, resourceId, cost, read: true }];
}

/** Blue is old once something else has the production name. What nobody knows keeps its first name. */
function nameSide(side: 'blue' | 'green' | 'clone', serving: string | null | undefined): Leftover['what'] {
  if (side === 'clone') return 'clone of old blue';
  return side === 'blue' && typeof serving === 'string' ? 'old blue' : side;
}

function leftRecord(
  { id = '', green, recordKeptBecause }: Partial<Deployment>,
  record: EndState['record'],
): Leftover[] {
  if (!record) {
    return [];
  }
  if (!isRead(record)) {
    return [{ what: 'deployment record', id, cost: `could not be read (${record.unreadable})`, read: false }];
  }
  if (!record.value) {
    return [];
  }
  const because = recordKeptBecause ? `. It was kept: ${recordKeptBecause}` : '';
  // While RDS has just begun there is no green to be named yet.
  const builds = !green && deploymentPhase(record.value.status) === 'building';
  const costs = builds ? 'builds green, which costs money by the hour' : 'costs nothing itself';
  const cost = `${record.value.status}; ${costs}${because}`;
  return [{ what: 'deployment record', id: record.value.id, cost, read: true }];
}

function leftSnapshot(snapshot: EndState['snapshot']): Leftover[] {
  if (!snapshot) {
    return [];
  }
  if (!isRead(snapshot)) {
    return [
      { what: 'final snapshot', id: '', cost: `could not be read (${snapshot.unreadable})`, read: false },
    ];
  }
  return snapshot.value
    ? [
        {
          what: 'final snapshot',
          id: snapshot.value.id,
          cost: `${snapshot.value.status}; snapshot storage, by the month`,
          read: true,
        },
      ]
    : [];
}

/** What a side is billed by: its instances by class, and its storage. */
export function describeSize({ members, storageGiB }: Side): string {
  const classes = new Map<string, number>();
  for (const { instanceClass, multiAz } of members) {
    const name = multiAz ? `${instanceClass} with standby` : instanceClass;
    classes.set(name, (classes.get(name) ?? 0) + 1);
  }
  const instances = [...classes].map(([name, count]) => `${count} x ${name}`).join(', ') || 'no instance';
  return `${instances}, ${storageGiB === null ? 'and its Aurora storage' : `and ${storageGiB} GiB of storage each`}, by the hour`;
}
