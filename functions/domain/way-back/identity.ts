/**
 * By what both sides are told apart from inside their servers, which began as copies of each other; taken before the cut. Names and addresses
 * lag behind a cut by seconds and behind a rename by minutes, and prove nothing.
 */
export type Distinction =
  /** Green carries this mark of ours, its own resource id. Replication by rows brings it to no other server. */
  | { by: 'mark'; mark: string }
  /** A physical copy cannot be marked before the cut. Once it is promoted it goes on in a timeline of its own, after this one of blue. */
  | { by: 'timeline'; timeline: number }
  /** Servers of the MySQL family have numbers, by which their logs name who wrote what first. */
  | { by: 'server'; green: number; blue: number };

/** What a server must show before anything is done there. */
export type Identity =
  | { mark: string }
  | { notMark: string }
  | { timeline: number }
  | { afterTimeline: number }
  | { server: number }
  | { notServer: number };

/** What a server shows. `timeline` is null on a copy that is not promoted. */
export interface Shown {
  mark: string | null;
  timeline: number | null;
  /** Of the MySQL family only. */
  server?: number;
}

/**
 * What the server of a side must show. A rollback target carries a mark of its own from its fence on; before that it must not be green.
 * @param target `fenced`: our fence on it is known to have been made; `isClone`: it is no server that there was before the cut
 */
export function identify(
  distinction: Distinction,
  side: 'green' | 'target',
  target: { resourceId: string; fenced: boolean; isClone?: boolean },
): Identity {
  if (distinction.by === 'timeline') {
    const { timeline } = distinction;
    return side === 'green' ? { afterTimeline: timeline } : { timeline };
  }
  if (distinction.by === 'server') {
    const { green, blue } = distinction;
    // What number Aurora gives to a clone is not known before it is there.
    if (side === 'target' && target.isClone) return { notServer: green };
    return { server: side === 'green' ? green : blue };
  }
  const { mark } = distinction;
  if (side === 'green') return { mark };
  return target.fenced ? { mark: target.resourceId } : { notMark: mark };
}

/**
 * The same before the cut, where it is known: a physical copy shows nothing of its own before it is promoted, and whether the number of a server of
 * Aurora MySQL outlives a failover, which ends no run before the cut, is unproven.
 */
export function identifyBeforeTheCut(
  distinction: Distinction | undefined,
  side: 'blue' | 'green',
): Identity | null {
  if (distinction?.by === 'mark')
    return side === 'green' ? { mark: distinction.mark } : { notMark: distinction.mark };
  return distinction?.by === 'timeline' && side === 'blue' ? { timeline: distinction.timeline } : null;
}

/** Whether a server is the one that is meant. */
export function isMeant(meant: Identity, { mark, timeline, server }: Shown): boolean {
  if ('server' in meant) return server === meant.server;
  if ('notServer' in meant) return server !== undefined && server !== meant.notServer;
  if ('mark' in meant) return mark === meant.mark;
  if ('notMark' in meant) return mark !== meant.notMark;
  if ('timeline' in meant) return timeline === meant.timeline;
  return timeline !== null && timeline > meant.afterTimeline;
}
