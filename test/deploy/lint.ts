import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PackagedStack, Template } from './package-stack.ts';

const installed = spawnSync('cfn-lint', ['--version'], { encoding: 'utf8' }).status === 0;
if (!installed) console.warn('cfn-lint is not installed: the packaged template was not linted here.');

/**
 * cfn-lint checks a definition as it is written, before CloudFormation substitutes, and takes no expression for a
 * timeout (both are documented and valid). It therefore reads a copy with the partition filled in and plain timeouts.
 */
function makeReadable({ Resources }: Template): string {
  const { Machine, RollBackMachine, ...others } = structuredClone(Resources);
  const machines = { Machine: readable(Machine), RollBackMachine: readable(RollBackMachine) };
  return JSON.stringify({ Resources: { ...others, ...machines } });
}

function readable(machine: Template['Resources'][string] | undefined): object {
  const properties = { ...machine?.Properties };
  properties.DefinitionString = JSON.stringify(
    JSON.parse(String(properties.DefinitionString)),
    (key, value: unknown) => {
      if (key === 'TimeoutSeconds' && typeof value === 'string') return 60;
      return key === 'Resource' ? String(value).replace(/\$\{partition\}/, 'aws') : value;
    },
  );
  return { Type: machine?.Type, Properties: properties };
}

export function testLint(read: () => PackagedStack): void {
  describe.skipIf(!installed)('cfn-lint', () => {
    it('finds no error in the packaged template', () => {
      expect(lint(read().file)).toBe('');
    });

    it('finds no error in the definition of the state machine', () => {
      const file = join(dirname(read().file), 'readable.json');
      writeFileSync(file, makeReadable(read().template));
      expect(lint(file)).toBe('');
    });
  });
}

/** Errors only: the framework writes dependencies that are redundant (W3005). */
function lint(file: string): string {
  const { stdout } = spawnSync('cfn-lint', ['--ignore-checks', 'W', '--template', file], {
    encoding: 'utf8',
  });
  return stdout;
}
