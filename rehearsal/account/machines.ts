import { readFile } from 'node:fs/promises';
import { tasksOf } from '../../deploy/machine.ts';
import { type MachineFile, machineFiles, machines } from '../../deploy/machines.ts';
import { aliasName, functionName, machineName } from '../../deploy/names.ts';
import type { StatesEngine } from '../../packages/local-aws/states/engine.ts';
import { roleArnOf } from '../roles.ts';
import { place, prefix, versionOf } from './place.ts';

/** Registers every state machine. Those that are started come first, so that their ARN can stand in the text of those that start them. */
export async function registerMachines(states: StatesEngine) {
  const arns = {} as Record<MachineFile, string>;
  for (const file of machineFiles.toReversed()) {
    const started = machines[file].starts.map(({ machine, placeholder }) => [placeholder, arns[machine]]);
    arns[file] = await registerMachine(states, file, Object.fromEntries(started));
  }
  const alias = (file: MachineFile) =>
    states.machines.pointAlias(aliasName, states.machines.publishVersion(arns[file]));
  for (const file of ['roll-back', 'rehearsal'] as const) alias(file);
  return { arns, aliasArn: alias('blue-green-deployment') };
}

/** Files are read once, however many accounts a process opens. */
const definitions = new Map<MachineFile, Promise<string>>();

/** The text of a state machine file, byte for byte. */
export function readDefinition(file: MachineFile): Promise<string> {
  const path = new URL(`../../statemachine/${file}.asl.json`, import.meta.url);
  const text = definitions.get(file) ?? readFile(path, 'utf8');
  definitions.set(file, text);
  return text;
}

/** @returns its ARN */
async function registerMachine(
  states: StatesEngine,
  file: MachineFile,
  substitutions: Record<string, string>,
): Promise<string> {
  const definition = await readDefinition(file);
  const functions = tasksOf(definition).map((key) => [key, versionOf(functionName(prefix, key))] as const);
  const { stateMachineArn } = states.registerStateMachine({
    name: machineName(prefix, file),
    roleArn: roleArnOf(place.accountId, prefix, file),
    definition,
    substitutions: { partition: 'aws', ...substitutions, ...Object.fromEntries(functions) },
  });
  return stateMachineArn;
}
