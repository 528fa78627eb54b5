import type { Kept } from '../../domain/close/put-back.ts';
import { readProxies } from '../rds/proxies.ts';
import { nameOf, type Sides } from './sides.ts';

/**
 * RDS proxies. They follow a switchover ("RDS Proxy with blue/green deployments"); whether one follows a rename is UNCONFIRMED, and a record
 * leads past it. To register another target cuts its clients off, so that is told and left to a person.
 */
export async function proxies({ former, serving }: Sides): Promise<Kept[]> {
  const idsOf = (side: Sides['former']) => [
    nameOf(side),
    ...side.instances.map(({ DBInstanceIdentifier = '' }) => DBInstanceIdentifier),
  ];
  const [there, left] = await Promise.all([readProxies(idsOf(serving)), readProxies(idsOf(former))]);
  return [
    ...there.map(({ proxy, state, reason }): Kept => {
      const what = `RDS proxy ${proxy}`;
      if (state === 'AVAILABLE') return { what, state: 'present' };
      const seen = `its target is ${state}${reason ? ` (${reason})` : ''}`;
      return {
        what,
        state: 'lacking',
        because: `${seen}: look again, and mend its secret, security group or target`,
      };
    }),
    ...left
      .filter(({ proxy }) => !there.some((other) => other.proxy === proxy))
      .map(
        ({ proxy }): Kept => ({
          what: `RDS proxy ${proxy}`,
          state: 'lacking',
          because: `it leads to ${nameOf(former)}: deregister that, and register ${nameOf(serving)} as its target`,
        }),
      ),
  ];
}
