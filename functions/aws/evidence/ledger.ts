import { SignCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  folderOfLedger,
  keyOf,
  markOf,
  type Position,
  sequenceOf,
  sha256,
  textToSign,
  writeFile,
} from '../../domain/evidence/ledger.ts';
import { kms } from '../clients/kms.ts';
import { s3 } from '../clients/s3.ts';

/** Two runs that end together want the same place; a third try in a row would be a third run. */
const tries = 5;

/**
 * Adds a record behind the newest one (`ListObjectsV2`, `GetObject`, `Sign`, and `PutObject` on the condition that nothing stands there).
 * The bucket's Object Lock keeps it from then on.
 * @param end names the end of the run: what is recorded already is not recorded again
 * @param compose makes the record for its place
 * @returns key of the object
 */
export async function addToLedger(
  place: { bucket: string; signingKey: string },
  end: string,
  compose: (position: Position) => object,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const position = await findPosition(place.bucket);
    const record = JSON.stringify(compose(position));
    const file = writeFile(record, await seal(place.signingKey, record));
    try {
      const key = await put(place.bucket, keyOf(position.sequence), file);
      await put(place.bucket, markOf(end), key);
      return key;
    } catch (error) {
      if (!isTaken(error) || attempt === tries) throw error;
    }
  }
}

/** Whether there is a record of this end (`ListObjectsV2`). */
export async function isRecorded(Bucket: string, end: string): Promise<boolean> {
  const { Contents = [] } = await s3().send(
    new ListObjectsV2Command({ Bucket, Prefix: markOf(end), MaxKeys: 1 }),
  );
  return Contents.length > 0;
}

async function findPosition(Bucket: string): Promise<Position> {
  const { Contents = [] } = await s3().send(
    new ListObjectsV2Command({ Bucket, Prefix: folderOfLedger, MaxKeys: 1 }),
  );
  const newest = Contents[0]?.Key;
  if (newest === undefined) return { sequence: 1, previous: null };
  const before = sequenceOf(newest);
  if (before === undefined) throw new Error(`${newest} in ${Bucket} is no record of this ledger`);
  return { sequence: before + 1, previous: sha256(await read(Bucket, newest)) };
}

async function read(Bucket: string, Key: string): Promise<Uint8Array> {
  const { Body } = await s3().send(new GetObjectCommand({ Bucket, Key }));
  if (!Body) throw new Error(`S3 gave no content of ${Key}`);
  return Body.transformToByteArray();
}

async function seal(key: string, record: string) {
  const digest = sha256(record);
  const { Signature } = await kms().send(
    new SignCommand({
      KeyId: key,
      Message: Buffer.from(textToSign(digest)),
      MessageType: 'RAW',
      SigningAlgorithm: 'ECDSA_SHA_256',
    }),
  );
  if (!Signature) throw new Error('KMS gave no signature; nothing was kept');
  return { digest, signature: Buffer.from(Signature).toString('base64'), key };
}

async function put(Bucket: string, Key: string, file: string): Promise<string> {
  const Body = Buffer.from(file);
  await s3().send(
    new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/jsonl', IfNoneMatch: '*' }),
  );
  return Key;
}

/** 412: something stands there. 409: somebody else is putting something there now. */
const isTaken = (error: unknown): boolean =>
  ['PreconditionFailed', 'ConditionalRequestConflict'].includes((error as Error).name);
