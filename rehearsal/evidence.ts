import { createPublicKey } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { functionName } from '../deploy/names.ts';
import { kms } from '../functions/aws/clients/kms.ts';
import { prefix } from './account/place.ts';
import type { Account } from './account.ts';

/**
 * Lets the function of the stack write the record of every execution that has ended, as EventBridge calls it, and puts a copy of the bucket into
 * a folder, with the public key: what `npm run evidence -- --folder FOLDER --public-key FOLDER/public-key.pem` verifies.
 */
export async function writeEvidence(folder: string, account: Account): Promise<void> {
  const { states, lambda, evidence, stateMachineArn, rollBackMachineArn } = account;
  const machine = stateMachineArn.replace(/:[^:]*$/, '');
  for (const arn of [machine, rollBackMachineArn])
    for (const { order } of states.listExecutions(arn).toReversed()) {
      const event = { source: 'aws.states', detail: { executionArn: order.arn } };
      const result = await lambda.invoke(functionName(prefix, 'keepEvidence'), event);
      if ('error' in result)
        throw new Error(`no record was written of ${order.arn}: ${JSON.stringify(result.error)}`);
    }
  for (const [key, bytes] of evidence.s3.objects(evidence.bucket)) {
    const path = join(folder, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
  const { PublicKey } = await kms().send(new GetPublicKeyCommand({ KeyId: evidence.key }));
  const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
  await writeFile(join(folder, 'public-key.pem'), key.export({ type: 'spki', format: 'pem' }));
}
