import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Finding, type Look, looked, type Scan } from '../finding.ts';
import { inFolder } from '../seeded.ts';
import { npmFolder, pinnedPackage, runNode } from '../tools/tools.ts';

interface LintedFile {
  filePath: string;
  messages: { ruleId: string | null; line?: number; message: string }[];
}

/** A command line that is put together from an input. */
const seeded = `import { exec } from 'node:child_process';
export const list = (folder: string) => exec('ls ' + folder);
export const evaluate = (text: string) => eval(text);
`;

async function scan(folder: string, parts: string[]): Promise<Look> {
  const config = join(await npmFolder(), 'eslint.config.mjs');
  const args = ['--no-config-lookup', '--config', config, '--format', 'json', ...parts];
  const { stdout, stderr } = await runNode('eslint/bin/eslint.js', args, { cwd: folder });
  if (!stdout.startsWith('[')) throw new Error(`ESLint failed: ${stderr}`);
  return looked((JSON.parse(stdout) as LintedFile[]).flatMap((file) => findingsOf(folder, file)));
}

const findingsOf = (folder: string, { filePath, messages }: LintedFile): Finding[] =>
  messages.map(({ ruleId, line = 1, message }) => ({
    rule: ruleId ?? 'parse',
    where: relative(folder, filePath),
    line,
    text: message,
  }));

export const sast = (root: string): Scan => ({
  name: 'sast',
  kind: 'SAST',
  tool: `eslint-plugin-sonarjs ${pinnedPackage('eslint-plugin-sonarjs')}`,
  look: () => scan(root, ['functions', 'deploy']),
  lookAtSeeded: () =>
    inFolder((folder) => {
      mkdirSync(join(folder, 'functions'));
      writeFileSync(join(folder, 'functions', 'seeded.ts'), seeded);
      writeFileSync(join(folder, 'tsconfig.json'), '{ "include": ["functions"] }');
      return scan(folder, ['functions']);
    }),
});
