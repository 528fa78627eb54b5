/** Verifies the records of runs and exports them: `npm run evidence`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions, runCommand, UsageError } from './arguments.ts';
import { toCsv, toPage } from './evidence/export.ts';
import { readBucket, readFolder, readPublicKey } from './evidence/read-ledger.ts';
import { reconcileTrail, type TrailEvent } from './evidence/trail.ts';
import { type Entry, verifyLedger } from './evidence/verify.ts';

const usage = `Verifies the records of runs, and exports those of a period as CSV, JSON and
one page a run. Verifying needs the public key alone, no account.

  npm run evidence -- --bucket NAME --public-key FILE [options]
  npm run evidence -- --folder FOLDER --public-key FILE [options]

  --bucket NAME        the bucket of the stack (output EvidenceBucket)
  --folder FOLDER      a copy of it: aws s3 sync s3://NAME FOLDER
  --public-key FILE    PEM or DER: aws kms get-public-key --key-id EvidenceKey
                       --query PublicKey --output text > FILE
  --from, --to TIME    runs that ended in between (2026-01-01, or with a time)
  --trail FILE         events of CloudTrail as JSON ({"Records": [...]}): calls
                       and started executions are compared both ways
  --stack PREFIX       begins the names of the stack's roles, with --trail
                       (viridian-prod)
  --out FOLDER         where the export goes (default evidence-export)
  -h, --help           this text
  --version            the version of Viridian

Exit code 1: something does not reconcile. Each line says what and where.
`;

const names = ['bucket', 'folder', 'public-key', 'from', 'to', 'trail', 'stack', 'out'] as const;

function readMoment(name: 'from' | 'to', text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new UsageError(`--${name} ${text}: give a date (2026-01-01) or a time with its zone`);
  return at;
}

function readTrail(path: string): TrailEvent[] {
  try {
    const { Records } = JSON.parse(readFileSync(path, 'utf8')) as { Records?: TrailEvent[] };
    if (Array.isArray(Records)) return Records;
  } catch (error) {
    throw new UsageError(`--trail ${path}: ${(error as Error).message}`);
  }
  throw new UsageError(`--trail ${path}: it has no list "Records"`);
}

function exportTo(folder: string, entries: readonly Entry[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'population.csv'), toCsv(entries));
  writeFileSync(
    join(folder, 'records.json'),
    `${JSON.stringify(
      entries.map(({ record }) => record),
      null,
      2,
    )}\n`,
  );
  for (const entry of entries)
    writeFileSync(join(folder, `${String(entry.sequence).padStart(6, '0')}.html`), toPage(entry));
}

await runCommand(usage, async (args) => {
  const options = readOptions(args, names, ['public-key']);
  const { bucket, folder, trail, stack, out = 'evidence-export' } = options;
  if ((bucket === undefined) === (folder === undefined)) throw new UsageError('give --bucket or --folder');
  if ((trail === undefined) !== (stack === undefined))
    throw new UsageError('give --trail and --stack together');
  const from = readMoment('from', options.from, Number.NEGATIVE_INFINITY);
  const to = readMoment('to', options.to, Number.POSITIVE_INFINITY);
  const key = readPublicKey(options['public-key']);
  const files = bucket === undefined ? readFolder(folder ?? '') : await readBucket(bucket);

  const { entries, problems } = verifyLedger(files, key);
  if (trail !== undefined) problems.push(...reconcileTrail(entries, readTrail(trail), stack ?? ''));
  if (entries.length === 0) problems.push('there is no record that could be verified');

  const asked = entries.filter(({ record: { run } }) => {
    const endedAt = Date.parse(run.endedAt);
    return endedAt >= from && endedAt < to;
  });
  exportTo(out, asked);
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  const result = problems.length === 0 ? 'everything reconciles' : `${problems.length} do not reconcile`;
  process.stdout.write(`${entries.length} records verified, ${asked.length} exported to ${out}: ${result}\n`);
  return problems.length === 0 ? 0 : 1;
});
