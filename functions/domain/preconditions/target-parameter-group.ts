import type { Reading } from '../model/reading.ts';
import type { ParameterGroup, Precondition, PreconditionFacts, RuleFinding } from './facts.ts';
import { blocker, whenRead } from './finding.ts';

/** A parameter group that is asked for must exist and be of the family of green's version. */
export const targetParameterGroup: Precondition = {
  id: 'target-parameter-group',
  engines: 'all',
  looksAt:
    'Whether `target.parameterGroup` and `target.clusterParameterGroup` exist and are of the family of the version of green.',
  check: (facts) => [
    ...checkGroup(facts, facts.request.target.parameterGroup, facts.targetParameterGroup),
    ...checkGroup(facts, facts.request.target.clusterParameterGroup, facts.targetClusterParameterGroup),
  ],
};

function checkGroup(
  { targetFamily, targetVersion }: PreconditionFacts,
  name: string | undefined,
  reading: Reading<ParameterGroup | null> | undefined,
): RuleFinding[] {
  if (name === undefined) {
    return [];
  }
  const group = reading ?? { unreadable: 'it was not looked up' };
  return whenRead(group, `the parameter group ${name}`, (found) => {
    if (!found) {
      return [
        blocker(
          `there is no parameter group ${name} in this account and Region. Create it, or correct the name.`,
        ),
      ];
    }
    return whenRead(targetFamily, `the parameter group family of version ${targetVersion}`, (family) => {
      const wanted = family ?? 'none, for RDS does not list that version';
      return found.family === family
        ? []
        : [
            blocker(
              `the parameter group ${name} is of the family ${found.family}; version ${targetVersion} needs ${wanted}. Create a group of that family with the same settings, and name it.`,
            ),
          ];
    });
  });
}
