import { compareVersions, isMajorUpgrade, majorVersion } from '../engine-version.ts';
import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/**
 * Oldest minor of each major from which PostgreSQL replicates logically to green. Source: RDS and Aurora User Guide, "Supported
 * Regions and DB engines for blue/green deployments".
 */
const oldestLogical = ['11.21', '12.16', '13.12', '14.9', '15.4', '16.1'];

/** Where the whole engine has one oldest version. */
const oldest: Record<string, string> = { mysql: '5.7', mariadb: '10.2', postgres: '11.1' };

/** Old versions can be taken into no deployment, or into none that changes the major version. */
export const engineVersionSupported: Precondition = {
  id: 'engine-version-supported',
  check: ({ database: { id, engine }, blue: { engineVersion }, targetVersion }) => {
    const limit = oldest[engine];
    if (limit && compareVersions(engineVersion, limit) < 0) {
      return [
        blocker(
          `${id} runs ${engine} ${engineVersion}, too old for a blue/green deployment. Upgrade it in place to ${limit} or newer first.`,
        ),
      ];
    }
    const logical =
      engine === 'aurora-postgresql' ||
      (engine === 'postgres' && isMajorUpgrade(engine, engineVersion, targetVersion));
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
  const major = majorVersion(engine, version);
  if (Number(major) < 11) {
    return oldestLogical[0];
  }
  return engine === 'aurora-postgresql' && major === '17'
    ? '17.4'
    : oldestLogical.find((minor) => majorVersion(engine, minor) === major);
}
