import { judgeProxies } from '../../domain/close/proxies.ts';
import type { Kept } from '../../domain/close/put-back.ts';
import { readProxies } from '../rds/neighbours.ts';
import type { RawSide } from '../rds/side.ts';

/** RDS proxies that led to the former production. They follow a switchover by themselves, so no call leads them: a person is told of one that does not. */
export async function proxies(
  former: RawSide,
  serving: RawSide,
  { isOver }: { isOver: boolean },
): Promise<Kept[]> {
  const names = { former: namesOf(former), serving: namesOf(serving) };
  const kind = serving.cluster ? 'cluster' : 'instance';
  const targets = await readProxies([...names.former, ...names.serving]);
  return judgeProxies(targets, { kind, ...names }, isOver);
}

const namesOf = ({ cluster, instances }: RawSide): string[] =>
  [cluster?.DBClusterIdentifier, ...instances.map((one) => one.DBInstanceIdentifier)].filter(
    (name) => name !== undefined,
  );
