import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Look, looked, type Scan } from '../finding.ts';
import { inFolder } from '../seeded.ts';
import { runProgram } from '../tools/tools.ts';

interface Audit {
  message?: string;
  vulnerabilities?: Record<string, { severity: string; range: string; via: (string | { title: string })[] }>;
}

/** Asks the registry of npm for advisories about every locked package, tools included. */
async function scan(folder: string): Promise<Look> {
  const { stdout } = await runProgram('npm', ['audit', '--json', '--package-lock-only'], { cwd: folder });
  const audit = JSON.parse(stdout || '{}') as Audit;
  if (!audit.vulnerabilities)
    return { kind: 'unanswered', because: audit.message ?? 'npm audit gave no answer' };
  return looked(
    Object.entries(audit.vulnerabilities).map(([name, { severity, range, via }]) => ({
      rule: severity,
      where: name,
      line: 1,
      text: `${range}: ${via.map((one) => (typeof one === 'string' ? one : one.title)).join('; ')}`,
    })),
  );
}

export const advisories = (root: string): Scan => ({
  name: 'advisories',
  kind: 'SCA',
  tool: 'npm-audit 11',
  look: () => scan(root),
  lookAtSeeded: () =>
    inFolder((folder) => {
      const dependencies = { minimist: '0.0.8' };
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'seeded', dependencies }));
      writeFileSync(
        join(folder, 'package-lock.json'),
        JSON.stringify({
          name: 'seeded',
          lockfileVersion: 3,
          packages: { '': { dependencies }, 'node_modules/minimist': { version: '0.0.8' } },
        }),
      );
      return scan(folder);
    }),
});
