import { findEngine, type Replication } from './engine.ts';
import { isMajorUpgrade } from './engine-version.ts';

/** How green is going to follow blue. */
export function replicationKind(engine: string, from: string, to: string): Replication {
  const kinds = findEngine(engine)?.replication;
  // An engine that no rule lets pass.
  if (!kinds) return 'binlog';
  return isMajorUpgrade(engine, from, to) ? kinds.newMajor : kinds.sameMajor;
}
