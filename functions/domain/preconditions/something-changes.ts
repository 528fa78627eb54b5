import { classWanted } from '../build/members.ts';
import type { Precondition, PreconditionFacts } from './facts.ts';
import { blocker } from './finding.ts';

/** The same request again, after it was carried out, would build and cut for nothing. */
export const somethingChanges: Precondition = {
  id: 'something-changes',
  engines: 'all',
  looksAt: 'Whether the database already is what the request asks for, and no hook changes green.',
  check: (facts) =>
    changesSomething(facts)
      ? []
      : [
          blocker(
            `nothing would change: ${facts.blue.id} already has ${describe(facts)}. Correct the request; if green is to be changed by a hook, name hooks.changeGreen.`,
          ),
        ],
};

/** What of the target differs from blue. What is not asked for stays as it is; of the storage only the size is known. */
function changesSomething({ request: { target, hooks, adopt }, blue }: PreconditionFacts): boolean {
  const members = blue.members;
  const { allocatedGiB, ...otherStorage } = { allocatedGiB: undefined, ...target.storage };
  return (
    adopt !== undefined ||
    hooks.changeGreen !== undefined ||
    differs(target.engineVersion, [blue.engineVersion]) ||
    differs(target.clusterParameterGroup, [blue.parameterGroup]) ||
    differs(
      target.parameterGroup,
      members.map(({ parameterGroup }) => parameterGroup),
    ) ||
    differs(
      target.instanceClass,
      members.map(({ instanceClass }) => instanceClass),
    ) ||
    members.some((one) => target.members.length > 0 && classWanted(target, one) !== one.instanceClass) ||
    target.members.some(({ allocatedGiB }) => allocatedGiB !== undefined) ||
    differs(allocatedGiB, [blue.storageGiB]) ||
    Object.values(otherStorage).some((value) => value !== undefined)
  );
}

const differs = (wanted: unknown, have: readonly unknown[]): boolean =>
  wanted !== undefined && have.some((value) => value !== wanted);

function describe({ request: { target } }: PreconditionFacts): string {
  const { engineVersion, parameterGroup, clusterParameterGroup, instanceClass, storage, members } = target;
  return [
    engineVersion && `version ${engineVersion}`,
    clusterParameterGroup && `the cluster parameter group ${clusterParameterGroup}`,
    parameterGroup && `the parameter group ${parameterGroup}`,
    instanceClass && `the class ${instanceClass}`,
    members.length > 0 && 'the classes and storage of target.members',
    storage && 'this storage',
  ]
    .filter(Boolean)
    .join(', ');
}
