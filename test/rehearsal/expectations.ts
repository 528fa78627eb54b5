import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readFolder, readPublicKey } from '../../commands/evidence/read-ledger.ts';
import { verifyLedger } from '../../commands/evidence/verify.ts';
import { processesIn, type rehearse } from './command.ts';

const machine = new URL('../../statemachine/blue-green-deployment.asl.json', import.meta.url);

/** What every rehearsal has to show, however it ends. */
export async function expectNoRowLost({
  report,
  code,
  temporary,
  output,
  evidence,
}: Awaited<ReturnType<typeof rehearse>>) {
  expect(code, output()).toBe(0);
  expect(report.rows.acknowledged).toBeGreaterThan(100);
  expect(report.rows).toMatchObject({ lost: 0, doubled: 0 });
  expect(report.invariants.filter(({ holds }) => !holds)).toEqual([]);
  expect(report.definitionSha256).toBe(
    createHash('sha256')
      .update(await readFile(machine))
      .digest('hex'),
  );
  expect(await processesIn(temporary)).toEqual([]);
  const { entries, problems } = verifyLedger(
    readFolder(evidence),
    readPublicKey(join(evidence, 'public-key.pem')),
  );
  expect(problems).toEqual([]);
  expect(entries[0]?.record.outcome?.end).toBe(report.endState);
}
