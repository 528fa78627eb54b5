import { SignCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  folderOfLedger,
  keyOf,
  markOf,
  nameOfEnd,
  type Position,
  sequenceOf,
  sha256,
  textToSign,
  writeFile,
} from '../../domain/evidence/ledger.ts';
import { kms } from '../clients/kms.ts';
import { s3 } from '../clients/s3.ts';
import { parseObject } from '../step-functions/history-payload.ts';

/** Runs that end together want the same place: each further try is for one more of them. */
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
    const newest = await readNewest(place.bucket);
    const key = keyOf(newest.sequence + 1);
    try {
      // A function that died between record and mark has left the mark to this one.
      if (newest.end !== end) await put(place.bucket, key, await makeFile(place.signingKey, newest, compose));
      const recorded = newest.end === end ? keyOf(newest.sequence) : key;
      await put(place.bucket, markOf(end), recorded);
      return recorded;
    } catch (error) {
      if (!isTaken(error) || attempt === tries) throw error;
    }
  }
}

async function makeFile(
  signingKey: string,
  { sequence, digest }: Newest,
  compose: (position: Position) => object,
): Promise<string> {
  const record = JSON.stringify(compose({ sequence: sequence + 1, previous: digest }));
  return writeFile(record, await seal(signingKey, record));
}

/** Whether there is a record of this end (`ListObjectsV2`). */
export async function isRecorded(Bucket: string, end: string): Promise<boolean> {
  const { Contents = [] } = await s3().send(
    new ListObjectsV2Command({ Bucket, Prefix: markOf(end), MaxKeys: 1 }),
  );
  return Contents.length > 0;
}

/** The record behind which the next one goes. */
interface Newest {
  /** 0 where there is none. */
  sequence: number;
  /** Of its file. */
  digest: string | null;
  /** The end that it records. */
  end: string | null;
}

async function readNewest(Bucket: string): Promise<Newest> {
  const { Contents = [] } = await s3().send(
    new ListObjectsV2Command({ Bucket, Prefix: folderOfLedger, MaxKeys: 1 }),
  );
  const key = Contents[0]?.Key;
  if (key === undefined) return { sequence: 0, digest: null, end: null };
  const sequence = sequenceOf(key);
  if (sequence === undefined) throw new Error(`${key} in ${Bucket} is no record of this ledger`);
  const bytes = await read(Bucket, key);
  return { sequence, digest: sha256(bytes), end: endIn(Buffer.from(bytes).toString()) };
}

function endIn(file: string): string | null {
  const { run } = (parseObject(file.split('\n')[0]) ?? {}) as {
    run?: { executionArn: string; endedAt: string };
  };
  return run ? nameOfEnd(run) : null;
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
