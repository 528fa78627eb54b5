import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Resource } from '../../deploy/cloudformation.ts';
import { runProgram } from '../tools/tools.ts';

/** The stack as `serverless package` writes it, with the default settings. */
export interface Packaged {
  /** The template as a file. */
  file: string;
  resources: Record<string, Resource>;
  remove(): void;
}

/** Packages with no credentials; the functions are bundled into `build/` meanwhile. */
export async function packageProduct(root: string): Promise<Packaged> {
  const folder = mkdtempSync(join(tmpdir(), 'viridian-packaged-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const script = join(root, 'node_modules/serverless/bin/serverless.js');
  const env = { SLS_NOTIFICATIONS_MODE: 'off', AWS_EC2_METADATA_DISABLED: 'true' };
  const args = [script, 'package', '--package', folder];
  const { code, stderr } = await runProgram(process.execPath, args, { cwd: root, env });
  if (code !== 0) {
    remove();
    throw new Error(`packaging failed: ${stderr}`);
  }
  const file = join(folder, 'cloudformation-template-update-stack.json');
  const { Resources } = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, Resource> };
  return { file, resources: Resources, remove };
}
