import { didYouMean } from '../model/did-you-mean.ts';
import { compareVersions } from '../model/engine-version.ts';
import type { Precondition } from './facts.ts';
import { blocker, whenRead } from './finding.ts';

/** Green's version must be one that RDS upgrades blue's version to, and never an older one. */
export const targetVersionValid: Precondition = {
  id: 'target-version-valid',
  engines: 'all',
  looksAt: 'Whether RDS upgrades the version of blue to `target.engineVersion`.',
  check: ({ database: { engine }, blue: { engineVersion }, targetVersion, upgradeTargets }) => {
    if (targetVersion === engineVersion) {
      return [];
    }
    if (compareVersions(targetVersion, engineVersion) < 0) {
      return [
        blocker(
          `green would run ${engine} ${targetVersion}, older than blue's ${engineVersion}; RDS has no way down. Ask for ${engineVersion} or newer.`,
        ),
      ];
    }
    return whenRead(upgradeTargets, `the upgrade targets of ${engine} ${engineVersion}`, (targets) =>
      targets.includes(targetVersion)
        ? []
        : [
            blocker(
              `RDS does not upgrade ${engine} ${engineVersion} to ${targetVersion}${suggest(targetVersion, targets)}. It does to: ${targets.join(', ') || 'none'}.`,
            ),
          ],
    );
  },
};

/** `17.1` where RDS has `17.10`. */
function suggest(version: string, targets: readonly string[]): string {
  const near = targets.filter((target) => target.startsWith(version));
  const question = didYouMean(version, near);
  return question === undefined ? '' : ` (${question})`;
}
