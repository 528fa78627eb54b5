import { findEngine } from '../model/engine.ts';
import { compareVersions, majorVersion } from '../model/engine-version.ts';
import { replicationKind } from '../model/replication.ts';
import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** Old versions can be taken into no deployment, or into none that changes the major version. */
export const engineVersionSupported: Precondition = {
  id: 'engine-version-supported',
  engines: ['aurora-postgresql', 'mariadb', 'mysql', 'postgres'],
  looksAt:
    'The version that blue runs: the oldest one that RDS takes, and the oldest one from which green can replicate.',
  check: ({ database: { id, engine }, blue: { engineVersion }, targetVersion }) => {
    const limit = findEngine(engine)?.oldest;
    if (limit && compareVersions(engineVersion, limit) < 0) {
      return [
        blocker(
          `${id} runs ${engine} ${engineVersion}, too old for a blue/green deployment. Upgrade it in place to ${limit} or newer first.`,
        ),
      ];
    }
    const logical = replicationKind(engine, engineVersion, targetVersion) === 'logical';
    const enough = logical ? oldestMinor(engine, engineVersion) : undefined;
    return enough && compareVersions(engineVersion, enough) < 0
      ? [
          blocker(
            `${id} runs ${engine} ${engineVersion}, and green can replicate from ${enough} on only. Upgrade to that minor version or a newer one first, then start again.`,
          ),
        ]
      : [];
  },
};

function oldestMinor(engine: string, version: string): string | undefined {
  const minors = findEngine(engine)?.oldestLogical ?? [];
  const [oldest] = minors;
  const major = majorVersion(engine, version);
  return oldest && compareVersions(version, majorVersion(engine, oldest)) < 0
    ? oldest
    : minors.find((minor) => majorVersion(engine, minor) === major);
}
