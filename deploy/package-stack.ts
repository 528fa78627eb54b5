import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Resource, Value } from './cloudformation.ts';

export interface Template {
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Value: Value }>;
}

export interface PackagedStack {
  template: Template;
  /** The template as a file, for tools that read one. */
  file: string;
  remove(): void;
}

const root = resolve(import.meta.dirname, '..');

/** Packages the project as `npx serverless package` does: with no credentials, and with no network where the system can take it away. */
export function packageStack(params: Record<string, string> = {}): PackagedStack {
  const folder = mkdtempSync(join(tmpdir(), 'viridian-package-'));
  const given = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
  const command = [
    process.execPath,
    join(root, 'node_modules/serverless/bin/serverless.js'),
    'package',
    '--package',
    folder,
    ...given,
  ];
  const [program = '', ...args] = withoutNetwork ? [...withoutNetwork, ...command] : command;
  try {
    execFileSync(program, args, { cwd: root, env: plainEnvironment, stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw new Error(`packaging failed: ${(error as { stderr?: string }).stderr ?? ''}${error}`);
  }
  const file = join(folder, 'cloudformation-template-update-stack.json');
  return {
    template: JSON.parse(readFileSync(file, 'utf8')) as Template,
    file,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Nothing of the machine's own AWS settings; the home folder has none either. */
const plainEnvironment = {
  PATH: process.env.PATH,
  HOME: tmpdir(),
  AWS_EC2_METADATA_DISABLED: 'true',
  SLS_NOTIFICATIONS_MODE: 'off',
};

/** By its whole path, so that no folder of `PATH` can stand in for it. */
const unshare = '/usr/bin/unshare';

/** A new network namespace has no way out at all. Where it is not allowed, packaging runs with the network. */
const withoutNetwork: string[] | undefined =
  spawnSync(unshare, ['-rn', 'true']).status === 0 ? [unshare, '-rn'] : undefined;
