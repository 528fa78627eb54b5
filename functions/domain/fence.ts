/** The security groups of a cluster, as RDS describes them. */
export interface SecurityGroups {
  id: string;
  /** `active`, or what RDS is still doing with it. */
  status: string;
}

/**
 * How far a cluster is fenced: only the group that admits nobody is on it, and that is in effect. Anything beside it could let
 * somebody in.
 */
export function judgeFence(groups: SecurityGroups[], fence: string): 'fenced' | 'in-progress' | 'open' {
  const onlyFence = groups.length > 0 && groups.every(({ id }) => id === fence);
  if (!onlyFence) return 'open';
  return groups.every(({ status }) => status === 'active') ? 'fenced' : 'in-progress';
}
