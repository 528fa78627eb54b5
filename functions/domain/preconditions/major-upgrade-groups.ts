import { findEngine, isAurora } from '../model/engine.ts';
import { isMajorUpgrade } from '../model/engine-version.ts';
import type { Precondition } from './facts.ts';
import { blocker, warning } from './finding.ts';

/** Over a major version, blue's own groups cannot be taken along. */
export const majorUpgradeGroups: Precondition = {
  id: 'major-upgrade-groups',
  engines: 'all',
  looksAt:
    'Over a major version: whether blue uses a parameter group or an option group of its own that green cannot take along.',
  check: ({ database: { engine, kind, id }, blue, targetVersion, request: { target, adopt }, traits }) => {
    // A green that is there already has its groups, and the question to the approvers names them.
    if (adopt !== undefined || !isMajorUpgrade(engine, blue.engineVersion, targetVersion)) {
      return [];
    }
    const field = kind === 'cluster' ? 'clusterParameterGroup' : 'parameterGroup';
    const lost = !blue.parameterGroup.startsWith('default.') && target[field] === undefined;
    return [
      ...(lost
        ? [
            warning(
              `blue uses its own parameter group ${blue.parameterGroup}; over a major version green falls back to the default of ${targetVersion}, and your settings are lost. Create a group of the new family and name it in target.${field}.`,
            ),
          ]
        : []),
      ...(findEngine(engine)?.family === 'mysql' && !isAurora(engine) && traits.customOptionGroups.length > 0
        ? [
            blocker(
              `${id} uses the option group ${traits.customOptionGroups.join(', ')}, and RDS refuses a major version together with an own option group. Put the default option group on blue first, or create green without a new version and upgrade it by a changeGreen hook.`,
            ),
          ]
        : []),
    ];
  },
};
