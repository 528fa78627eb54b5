import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Finding, type Look, looked, type Scan } from '../finding.ts';
import { inFolder } from '../seeded.ts';
import { npmFolder, pinnedPackage, runNode } from '../tools/tools.ts';

interface ScannedFile {
  filePath: string;
  messages: { ruleId: string; ruleParentId?: string; message: string; loc: { start: { line: number } } }[];
}

const git = (folder: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd: folder, encoding: 'utf8', maxBuffer: 1024 * 1024 * 1024 });

/** The lock file holds digests of packages by the thousand, and nothing else. */
const without = ['package-lock.json'];

async function scan(folder: string): Promise<Look> {
  const files = git(folder, 'ls-files', '-z')
    .split('\0')
    .filter((file) => file !== '' && !without.some((name) => file.endsWith(name)));
  const inTree = await lint(
    folder,
    files.map((file) => join(folder, file)),
  );
  const inHistory = await inFolder((history) => lint(history, writeHistory(folder, history)));
  return looked([...inTree, ...inHistory]);
}

/** What each commit has added to text files, in a file named after the commit: a secret stays there after the file is mended. */
function writeHistory(folder: string, history: string): string[] {
  const commits = git(folder, 'rev-list', '--all').trim().split('\n');
  mkdirSync(join(history, 'commits'));
  return commits.map((commit) => {
    const paths = ['--', '.', ...without.map((name) => `:(exclude,glob)**/${name}`)];
    const patch = git(folder, 'show', '--format=%B', '--unified=0', '--no-textconv', commit, ...paths);
    const file = join(history, 'commits', commit);
    const added = patch.split('\n').filter((line) => !line.startsWith('-'));
    writeFileSync(file, added.join('\n'));
    return file;
  });
}

async function lint(folder: string, files: string[]): Promise<Finding[]> {
  const config = join(await npmFolder(), 'secretlint.json');
  const args = ['--secretlintrc', config, '--format', 'json', '--no-glob', '--no-gitignore', ...files];
  const { stdout, stderr } = await runNode('secretlint/bin/secretlint.js', args, { cwd: folder });
  if (!stdout.startsWith('[')) throw new Error(`secretlint failed: ${stderr}`);
  return (JSON.parse(stdout) as ScannedFile[]).flatMap((file) => findingsOf(folder, file));
}

const findingsOf = (folder: string, { filePath, messages }: ScannedFile): Finding[] =>
  messages.map(({ ruleId, message, loc }) => ({
    rule: ruleId,
    where: relative(folder, filePath),
    line: loc.start.line,
    // The message ends with the secret, masked.
    text: message.split(':')[0] as string,
  }));

export const secrets = (root: string): Scan => ({
  name: 'secrets',
  kind: 'secrets',
  tool: `secretlint ${pinnedPackage('secretlint')}`,
  look: () => scan(root),
  lookAtSeeded: () =>
    inFolder((folder) => {
      const commit = (text: string) => {
        writeFileSync(join(folder, 'settings.ini'), text);
        git(folder, 'add', '.');
        git(folder, '-c', 'user.name=seed', '-c', 'user.email=seed@example.com', 'commit', '-qm', 'seed');
      };
      git(folder, 'init', '-q');
      // From parts, because this file is scanned as well. It is in the history alone: the next commit takes it away.
      commit(`token = ${'ghp'}_${'a1B2'.repeat(9)}\n`);
      commit('token =\n');
      return scan(folder);
    }),
});
