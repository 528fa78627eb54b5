import type { ModifyDBParameterGroupCommandInput } from '@aws-sdk/client-rds';
import type { ControlPlane } from '../control-plane.ts';
import { parameterGroupNamed } from '../world/parameter-groups.ts';
import { invalidCombination } from '../world/refusals.ts';
import { applyReadOnlyParameter } from './reboot.ts';

/** Parameters that are in force a moment later, without a reboot. */
const dynamic = ['read_only'];

/** ModifyDBParameterGroup: the values are set at once; those that are dynamic reach every instance of the group a moment later. */
export function modifyParameterGroup(
  rds: ControlPlane,
  { DBParameterGroupName: name = '', Parameters = [] }: ModifyDBParameterGroupCommandInput,
) {
  const group = parameterGroupNamed(rds.world, 'instance', name);
  if (name.startsWith('default.'))
    throw invalidCombination(`The parameter group ${name} is a default group and can't be modified.`);
  for (const { ParameterName = '', ParameterValue = '' } of Parameters)
    group.parameters[ParameterName] = ParameterValue;
  const changed = Parameters.filter(
    ({ ParameterName = '', ApplyMethod }) => ApplyMethod === 'immediate' && dynamic.includes(ParameterName),
  );
  if (changed.length > 0) rds.background.run(() => apply(rds, group.name));
  return { DBParameterGroupName: group.name };
}

async function apply(rds: ControlPlane, group: string): Promise<void> {
  await rds.background.sleep(rds.timings.applyParameter);
  const users = rds.world.instances.filter(
    ({ DBParameterGroups }) => DBParameterGroups?.[0]?.DBParameterGroupName === group,
  );
  for (const instance of users) await applyReadOnlyParameter(rds, instance);
}
