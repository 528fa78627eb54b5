/**
 * Writes statemachine/*.asl.json from statemachine/source, and the phases of a run for the functions: `npm run machines`. With --check it only
 * compares.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { blueGreenDeployment } from '../statemachine/source/blue-green-deployment/machine.ts';
import { writePhases } from '../statemachine/source/blue-green-deployment/phases.ts';
import { type Machine, writeMachine } from '../statemachine/source/level.ts';
import { rehearsal } from '../statemachine/source/rehearsal/machine.ts';
import { rollBack } from '../statemachine/source/roll-back/machine.ts';

const root = join(import.meta.dirname, '..');

/** Every state machine, by the name of its file. */
export const sources: Record<string, Machine> = {
  'blue-green-deployment': blueGreenDeployment,
  'roll-back': rollBack,
  rehearsal,
};

export const fileOf = (name: string) => join(root, 'statemachine', `${name}.asl.json`);

/** The text of a machine's file. */
export const renderMachine = (name: string, machine: Machine): string =>
  formatJson(fileOf(name), JSON.stringify(writeMachine(machine), null, 2));

/** Biome breaks the lines, so that the linter finds nothing to change in it. */
function formatJson(file: string, text: string): string {
  return execFileSync(join(root, 'node_modules', '.bin', 'biome'), ['format', `--stdin-file-path=${file}`], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
}

if (import.meta.main) {
  const phases = join(root, 'functions', 'domain', 'run', 'phases.json');
  const files = [
    ...Object.entries(sources).map(
      ([name, machine]) => [fileOf(name), renderMachine(name, machine)] as const,
    ),
    [phases, formatJson(phases, writePhases())] as const,
  ];
  for (const [file, text] of files) {
    if (!process.argv.includes('--check')) {
      writeFileSync(file, text);
    } else if (readFileSync(file, 'utf8') !== text) {
      console.error(`${relative(root, file)} is not what statemachine/source says: run npm run machines`);
      process.exitCode = 1;
    }
  }
}
