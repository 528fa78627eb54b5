/**
 * Runs every scan and ends in one table: `npm run security`, or some of them, `npm run security -- sast iam`. Reports go to
 * `security-report/`: SARIF for each scan, and the bill of materials of what is deployed.
 *
 * Exit code 0: no open finding. 1: a finding, or an accepted one that is gone. 2: a scan could not look, or was blind.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { digestOfArtefacts } from '../deploy/digest.ts';
import { packageStack } from '../deploy/package-stack.ts';
import { sortFindings } from './accepted.ts';
import { billOfDeployed } from './bill.ts';
import type { Scan } from './finding.ts';
import { toSarif } from './sarif.ts';
import { scansOf } from './scans/index.ts';
import { hasPython } from './tools/tools.ts';

const root = resolve(import.meta.dirname, '..');
const reports = join(root, 'security-report');

/** What a scan came to: a line of the table, and its exit code. */
interface Verdict {
  line: string;
  details: string[];
  code: 0 | 1 | 2;
}

const print = (line: string) => void process.stdout.write(`${line}\n`);

async function judge(scan: Scan): Promise<Verdict> {
  const verdict = (result: string, code: Verdict['code'], details: string[] = []): Verdict => ({
    line: `${scan.kind.padEnd(9)} ${scan.tool.padEnd(30)} ${result}`,
    details,
    code,
  });
  const seeded = await scan.lookAtSeeded();
  const look = await scan.look();
  if (look.kind === 'unanswered' || seeded.kind === 'unanswered') {
    const because = look.kind === 'unanswered' ? look.because : 'the planted defect was not looked at';
    return verdict(`NOT ANSWERED: no source could be reached (${because})`, 0);
  }
  if (seeded.findings.length === 0) return verdict('BLIND: a planted defect was not found', 2);
  const { open, accepted, stale } = sortFindings(scan.name, look.findings);
  writeFileSync(
    join(reports, `${scan.name}.sarif`),
    JSON.stringify(toSarif(scan, [...open, ...accepted]), null, 2),
  );
  const details = [
    ...open.map(({ rule, where, line, text }) => `  ${where}:${line}: ${rule}: ${text}`),
    ...stale.map(
      ({ rule, on }) =>
        `  accepted on ${on}, and found no more: ${rule}; take it out of security/accepted.ts`,
    ),
  ];
  const result = `${open.length} open, ${accepted.length} accepted; a planted defect was found`;
  return verdict(result, details.length > 0 ? 1 : 0, details);
}

async function judgeSafely(scan: Scan): Promise<Verdict> {
  try {
    return await judge(scan);
  } catch (error) {
    return {
      line: `${scan.kind.padEnd(9)} ${scan.tool.padEnd(30)} COULD NOT LOOK`,
      details: [`  ${error}`],
      code: 2,
    };
  }
}

/** @param names of the scans that are asked for; all without one */
async function main(names: string[]): Promise<number> {
  if (!hasPython()) {
    print('The scans need python3 with its module venv: on Debian and Ubuntu, apt-get install python3-venv.');
    return 2;
  }
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports);
  const packaged = packageStack();
  try {
    const scans = scansOf(root, packaged);
    const unknown = names.filter((name) => !scans.some((scan) => scan.name === name));
    if (unknown.length > 0) {
      print(`${unknown.join(', ')}: no such scan; give some of ${scans.map(({ name }) => name).join(', ')}`);
      return 2;
    }
    writeFileSync(join(reports, 'sbom.cdx.json'), JSON.stringify(billOfDeployed(root), null, 2));
    const verdicts: Verdict[] = [];
    for (const scan of scans.filter(({ name }) => names.length === 0 || names.includes(name))) {
      const verdict = await judgeSafely(scan);
      for (const line of [verdict.line, ...verdict.details]) print(line);
      verdicts.push(verdict);
    }
    print(`SBOM      of what is deployed, digest ${digestOfArtefacts()}`);
    return Math.max(...verdicts.map(({ code }) => code));
  } finally {
    packaged.remove();
  }
}

process.exitCode = await main(process.argv.slice(2));
