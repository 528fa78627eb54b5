import type { Database, Deployment, Member, Side } from '../../functions/domain/model/deployment.ts';
import type { EndName } from '../../functions/domain/model/ends.ts';
import { read } from '../../functions/domain/model/reading.ts';
import type { OutcomeFacts } from '../../functions/domain/outcome/facts.ts';
import { type Request, requestSchema } from '../../functions/domain/request/request.ts';
import type { Leftovers } from '../../functions/domain/way-back/facts.ts';

/** Samples for the domain's tables: a healthy PostgreSQL upgrade, from which each row says how it differs. */

export const hour = 3_600_000;
export const saturday = Date.parse('2026-11-21T08:00:00Z');
export const executionArn = 'arn:aws:states:eu-central-1:111122223333:execution:viridian:run-1';

export function request(more: object = {}): Request {
  return requestSchema.parse({ database: 'orders', target: { engineVersion: '17.10' }, ...more });
}

export const instance: Database = {
  kind: 'instance',
  id: 'orders',
  arn: arnOf('orders'),
  engine: 'postgres',
  account: '111122223333',
  region: 'eu-central-1',
};

export const cluster: Database = {
  ...instance,
  kind: 'cluster',
  arn: arnOf('orders', 'cluster'),
  engine: 'aurora-postgresql',
};

export function arnOf(id: string, kind = 'db', region = 'eu-central-1'): string {
  return `arn:aws:rds:${region}:111122223333:${kind}:${id}`;
}

export function member(id: string, more: Partial<Member> = {}): Member {
  return {
    id,
    arn: arnOf(id),
    resourceId: `db-${id.toUpperCase()}`,
    status: 'available',
    role: 'writer',
    instanceClass: 'db.r7g.large',
    engineVersion: '16.9',
    multiAz: true,
    parameterGroup: 'orders-16',
    parameterGroupStatus: 'in-sync',
    deletionProtection: false,
    replicaOf: null,
    ...more,
  };
}

/** Blue of an RDS instance deployment: the primary, without replicas. */
export function blueSide(more: Partial<Side> = {}): Side {
  return {
    id: 'orders',
    arn: arnOf('orders'),
    resourceId: 'db-ORDERS',
    status: 'available',
    engineVersion: '16.9',
    endpoint: 'orders.example.eu-central-1.rds.amazonaws.com:5432',
    parameterGroup: 'orders-16',
    storageGiB: 100,
    maxStorageGiB: null,
    backupRetentionDays: 7,
    deletionProtection: false,
    replicas: [],
    members: [member('orders')],
    ...more,
  };
}

const greenName = 'orders-green-abc123';

export function greenSide(more: Partial<Side> = {}): Side {
  const own = { engineVersion: '17.10', parameterGroup: 'orders-17' };
  return {
    ...blueSide(),
    ...own,
    id: greenName,
    arn: arnOf(greenName),
    resourceId: 'db-GREEN',
    endpoint: `${greenName}.example.eu-central-1.rds.amazonaws.com:5432`,
    members: [member(greenName, { ...own, resourceId: 'db-GREEN' })],
    ...more,
  };
}

/** An Aurora cluster with a writer and a reader. */
export function clusterSide(more: Partial<Side> = {}): Side {
  return blueSide({
    arn: arnOf('orders', 'cluster'),
    resourceId: 'cluster-ORDERS',
    storageGiB: null,
    members: [member('orders-1', { multiAz: false }), member('orders-2', { multiAz: false, role: 'reader' })],
    ...more,
  });
}

export function deployment(more: Partial<Deployment> = {}): Deployment {
  return {
    name: 'viridian-db-orders',
    id: 'bgd-1234567890abcdef',
    database: instance,
    blue: blueSide(),
    green: greenSide(),
    status: 'AVAILABLE',
    replication: 'logical',
    ...more,
  };
}

/** A server on which nothing of ours stands. */
export const nothingLeft: Leftovers = {
  publications: [],
  subscriptions: [],
  slots: [],
  heldRoles: [],
  closed: [],
  passwordSet: null,
};

/** What an outcome is composed of: green serves, and nothing failed. */
export function outcomeFacts(end: EndName, more: Partial<OutcomeFacts> = {}): OutcomeFacts {
  return {
    end,
    executionArn,
    startedAt: new Date(saturday).toISOString(),
    now: saturday,
    request: request(),
    deployment: deployment(),
    findings: [],
    runbook: 'https://runbook.example',
    failure: null,
    cleanupFailure: null,
    endState: { production: read('db-GREEN') },
    ...more,
  };
}
