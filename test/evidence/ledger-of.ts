import { generateKeyPairSync, sign } from 'node:crypto';
import type { LedgerFile } from '../../commands/evidence/verify.ts';
import { keyOf, markOf, sha256, textToSign, writeFile } from '../../functions/domain/evidence/ledger.ts';
import type { ChangingCall, EvidenceRecord } from '../../functions/domain/evidence/record.ts';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const { publicKey } = pair;
/** Of somebody else. */
export const otherKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const arnOf = (name: string) =>
  `arn:aws:states:eu-west-1:111122223333:execution:viridian-prod-blue-green-deployment:${name}`;

export const call = (more: Partial<ChangingCall> = {}): ChangingCall => ({
  id: 'c1/1',
  at: '2026-11-29T02:10:00.000Z',
  by: 'Start switchover',
  call: 'SwitchoverBlueGreenDeployment',
  resource: 'BlueGreenDeploymentIdentifier=bgd-1',
  outcome: 'accepted',
  error: null,
  requestId: 'req-1',
  resourceId: 'bgd-1',
  ...more,
});

export function recordOf(
  sequence: number,
  previous: string | null,
  more: Partial<EvidenceRecord> = {},
): EvidenceRecord {
  return {
    schema: 'viridian-evidence/1',
    sequence,
    previous,
    writtenAt: `2026-11-29T0${sequence}:00:31.000Z`,
    run: {
      executionArn: arnOf(`orders-${sequence}`),
      machineVersion: null,
      status: 'SUCCEEDED',
      startedAt: '2026-11-28T01:00:00.000Z',
      endedAt: `2026-11-29T0${sequence}:00:00.000Z`,
      error: null,
      cause: null,
    },
    input: { database: 'orders', requestedBy: 'Ada', ticket: 'CHG-7' },
    outcome: { end: 'Green serves production', decisions: [] },
    states: [{ name: 'Start switchover', enteredAt: '2026-11-29T02:09:59.000Z' }],
    answers: { 'Find production side': { payload: { side: 'green' } } },
    changes: [],
    artefact: sha256('zips'),
    ...more,
  };
}

export function fileOf(record: EvidenceRecord, signer = pair.privateKey): LedgerFile {
  const line = JSON.stringify(record);
  const digest = sha256(line);
  const signature = sign('sha256', Buffer.from(textToSign(digest)), signer).toString('base64');
  const bytes = Buffer.from(
    writeFile(line, { digest, signature, key: 'arn:aws:kms:eu-west-1:111122223333:key/1' }),
  );
  return { name: keyOf(record.sequence), bytes };
}

/** A ledger of three runs, with the marks of their ends, as the function writes it. */
export function makeLedger(changes: Partial<EvidenceRecord>[] = [{}, {}, {}]): LedgerFile[] {
  const files: LedgerFile[] = [];
  let previous: string | null = null;
  for (const [index, more] of changes.entries()) {
    const record = recordOf(index + 1, previous, more);
    const file = fileOf(record);
    previous = sha256(file.bytes);
    const mark = markOf(`${record.run.executionArn} ${record.run.endedAt}`);
    files.push(file, { name: mark, bytes: Buffer.from(file.name) });
  }
  return files;
}
