/** Writes statemachine/*.asl.json from statemachine/source: `npm run machines`. With --check it only compares. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blueGreenDeployment } from '../statemachine/source/blue-green-deployment/machine.ts';
import { type Machine, writeMachine } from '../statemachine/source/level.ts';
import { rollBack } from '../statemachine/source/roll-back/machine.ts';

const root = join(import.meta.dirname, '..');

/** Every state machine, by the name of its file. */
export const sources: Record<string, Machine> = {
  'blue-green-deployment': blueGreenDeployment,
  'roll-back': rollBack,
};

export const fileOf = (name: string) => join(root, 'statemachine', `${name}.asl.json`);

/** The text of a machine's file. Biome breaks the lines, so that the linter finds nothing to change in it. */
export function renderMachine(name: string, machine: Machine): string {
  return execFileSync(
    join(root, 'node_modules', '.bin', 'biome'),
    ['format', `--stdin-file-path=${fileOf(name)}`],
    { cwd: root, input: JSON.stringify(writeMachine(machine), null, 2), encoding: 'utf8' },
  );
}

if (import.meta.main) {
  for (const [name, machine] of Object.entries(sources)) {
    const text = renderMachine(name, machine);
    if (!process.argv.includes('--check')) {
      writeFileSync(fileOf(name), text);
    } else if (readFileSync(fileOf(name), 'utf8') !== text) {
      console.error(
        `statemachine/${name}.asl.json is not what statemachine/source/${name} says: run npm run machines`,
      );
      process.exitCode = 1;
    }
  }
}
