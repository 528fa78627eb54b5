import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { machineRows } from '../../deploy/machines.ts';
import type { PackagedStack, Template } from '../../deploy/package-stack.ts';

const installed = spawnSync('cfn-lint', ['--version'], { encoding: 'utf8' }).status === 0;
if (!installed) {
  const because = 'cfn-lint is not installed: the packaged template was not linted here.';
  if (process.env.CI) throw new Error(because);
  console.warn(because);
}

/**
 * cfn-lint checks a definition as it is written, before CloudFormation substitutes, and takes no expression for a
 * timeout (both are documented and valid). It therefore reads a copy with the partition filled in and plain timeouts.
 */
function makeReadable({ Resources }: Template): string {
  const readables = machineRows.map(({ id }) => [id, readable(Resources[id])]);
  return JSON.stringify({ Resources: Object.fromEntries(readables) });
}

/** Nothing but the definition: the rest is linted where it was packaged. */
function readable(machine: Template['Resources'][string] | undefined): object {
  const { DefinitionString, DefinitionSubstitutions } = machine?.Properties ?? {};
  const text = JSON.stringify(JSON.parse(String(DefinitionString)), (key, value: unknown) => {
    if (key === 'TimeoutSeconds' && typeof value === 'string') return 60;
    return key === 'Resource' ? String(value).replace(/\$\{partition\}/, 'aws') : value;
  });
  const names = Object.keys(DefinitionSubstitutions ?? {}).map((name) => [name, name]);
  return {
    Type: machine?.Type,
    Properties: {
      RoleArn: 'arn:aws:iam::111122223333:role/any',
      DefinitionString: text,
      DefinitionSubstitutions: Object.fromEntries(names),
    },
  };
}

export function testLint(read: () => PackagedStack): void {
  it.skipIf(!installed)('gives cfn-lint no reason to find an error', () => {
    const { file, template } = read();
    // As the framework uploads it, and CloudFormation measures it; the file on disk has line breaks.
    const uploaded = join(dirname(file), 'uploaded.json');
    writeFileSync(uploaded, JSON.stringify(template));
    expect(lint(uploaded)).toBe('');
  });
}

/** The definitions are the same in every stack. */
export function testDefinitionLint(read: () => PackagedStack): void {
  it.skipIf(!installed)('has definitions of state machines in which cfn-lint finds no error', () => {
    const file = join(dirname(read().file), 'readable.json');
    writeFileSync(file, makeReadable(read().template));
    expect(lint(file)).toBe('');
  });
}

/** Errors only: the framework writes dependencies that are redundant (W3005). */
function lint(file: string): string {
  const { stdout } = spawnSync('cfn-lint', ['--ignore-checks', 'W', '--template', file], {
    encoding: 'utf8',
  });
  return stdout;
}
