/** Looks for secrets in the files of the repository: `npm run secrets`. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A place that looks like a secret. The secret itself is not repeated. */
export interface Finding {
  file: string;
  line: number;
  kind: string;
}

/**
 * Forms of secrets that have one. Keys made up for the rehearsal end in zeros, which no key of AWS's is known to; a test
 * that needs a secret's form builds it from parts.
 */
const forms: [kind: string, form: RegExp][] = [
  ['AWS access key', /\b(?:AKIA|ASIA)(?![A-Z]+0+\b)[A-Z0-9]{16}\b/],
  ['AWS secret key', /aws_?secret_?(?:access_?)?key["'\s:=]+[A-Za-z0-9/+]{40}\b/i],
  ['private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ['token of GitHub', /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40,})\b/],
  ['token of npm', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['token of Slack', /\bxox[abprs]-[A-Za-z0-9-]{10,}/],
  ['JSON web token', /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  ['password in an address', /\b[a-z][a-z0-9+]*:\/\/[^\s:/@'"`$<{]+:[^\s:/@'"`$<{]{6,}@[a-z0-9-]+\.[a-z]/i],
];

/** Secrets in one text. */
export function findSecrets(file: string, text: string): Finding[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      forms.filter(([, form]) => form.test(line)).map(([kind]) => ({ file, line: index + 1, kind })),
    );
}

/** Secrets in every file that git knows, binary files left out. */
export function scanRepository(folder: string): Finding[] {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: folder, encoding: 'utf8' });
  return files
    .split('\0')
    .filter((file) => file && file !== 'package-lock.json')
    .flatMap((file) => {
      const bytes = readFileSync(`${folder}/${file}`);
      return bytes.includes(0) ? [] : findSecrets(file, bytes.toString());
    });
}

if (import.meta.main) {
  const findings = scanRepository(process.cwd());
  for (const { file, line, kind } of findings)
    process.stderr.write(`${file}:${line}: looks like a secret: ${kind}\n`);
  process.exitCode = findings.length > 0 ? 1 : 0;
}
