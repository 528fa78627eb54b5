import { judgeProxies } from '../../domain/close/proxies.ts';
import type { Kept } from '../../domain/close/put-back.ts';
import { readProxies } from '../rds/proxies.ts';
import type { RawSide } from '../rds/side.ts';
import type { Sides } from './sides.ts';

/**
 * RDS proxies that led to the former production. They follow a switchover by themselves ("RDS Proxy with blue/green deployments"); whether one
 * follows a rename is UNCONFIRMED, and a record leads past it. To register another target cuts its clients off, so no call does: a person is
 * told of one that does not lead to production.
 */
export async function proxies({ former, serving, ahead, isOver = true }: Sides): Promise<Kept[]> {
  const names = { former: namesOf(former), serving: namesOf(serving) };
  const targets = await readProxies([...names.former, ...names.serving]);
  const kind = serving.cluster ? 'cluster' : 'instance';
  return judgeProxies(targets, { kind, ...names }, isOver && !ahead);
}

const namesOf = ({ cluster, instances }: RawSide): string[] =>
  [cluster?.DBClusterIdentifier, ...instances.map((one) => one.DBInstanceIdentifier)].filter(
    (name) => name !== undefined,
  );
