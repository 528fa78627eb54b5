import type { Kept } from './put-back.ts';

/** A target of an RDS proxy that leads to one of the databases asked for. */
export interface ProxyTarget {
  proxy: string;
  /** The cluster or the instance. */
  leadsTo: string;
  /** `TargetHealth.State`: `AVAILABLE`, `REGISTERING`, `UNAVAILABLE` … */
  state: string;
  reason: string | null;
}

/** The names of both databases, the cluster or the primary first, then its members. */
export interface Names {
  kind: 'instance' | 'cluster';
  former: string[];
  serving: string[];
}

/**
 * Whether every proxy leads to the side that serves. RDS shows the new target only once the switchover is over, also where the proxy leads there
 * already (RDS User Guide, "Using RDS Proxy with Blue/Green Deployments").
 */
export function judgeProxies(targets: readonly ProxyTarget[], names: Names, isOver: boolean): Kept[] {
  const byProxy = Map.groupBy(targets, ({ proxy }) => proxy);
  return [...byProxy].map(([proxy, all]) => judgeProxy(proxy, all, names, isOver));
}

function judgeProxy(proxy: string, targets: ProxyTarget[], names: Names, isOver: boolean): Kept {
  const [serving = ''] = names.serving;
  const what = `RDS proxy ${proxy} of ${serving}`;
  const there = targets.filter(({ leadsTo }) => names.serving.includes(leadsTo));
  const sick = there.find(({ state }) => state !== 'AVAILABLE');
  if (there.length > 0 && !sick) return { what, state: 'present' };
  if (sick?.state === 'REGISTERING')
    return { what, state: 'coming', slow: `its target ${sick.leadsTo} is still REGISTERING: look again` };
  if (!isOver)
    return {
      what,
      state: 'coming',
      slow: `RDS is still switching over: look again whether it leads to ${serving}`,
    };
  return sick
    ? {
        what,
        state: 'lacking',
        because: `its target ${sick.leadsTo} is ${sick.state}${sick.reason ? ` (${sick.reason})` : ''}: mend its secret, its security group or its role`,
      }
    : {
        what,
        state: 'lacking',
        because: `it still leads to ${targets.map(({ leadsTo }) => leadsTo).join(', ')}, and its clients with it; lead it to ${serving} by`,
        commands: leadTo(proxy, names),
      };
}

/** A proxy has one target at a time, so the old one goes first. */
function leadTo(proxy: string, { kind, former, serving }: Names): string[] {
  const named = (name = '') =>
    `--db-proxy-name ${proxy} ${kind === 'cluster' ? '--db-cluster-identifiers' : '--db-instance-identifiers'} ${name}`;
  return [
    `aws rds deregister-db-proxy-targets ${named(former[0])}`,
    `aws rds register-db-proxy-targets ${named(serving[0])}`,
  ];
}
