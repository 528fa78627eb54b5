import { createPublicKey, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { UsageError } from '../arguments.ts';
import type { LedgerFile } from './verify.ts';

/** A copy of the bucket, as `aws s3 sync` makes it. */
export function readFolder(folder: string): LedgerFile[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    throw new UsageError(`--folder ${folder}: ${(error as NodeJS.ErrnoException).code}`);
  }
  return names
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ name: relative(folder, path).replaceAll('\\', '/'), bytes: readFileSync(path) }));
}

/** Every object of the bucket, with your own credentials (`s3:ListBucket`, `s3:GetObject`). */
export async function readBucket(Bucket: string, client = new S3Client({})): Promise<LedgerFile[]> {
  const files: LedgerFile[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket, ContinuationToken }));
    for (const { Key = '' } of page.Contents ?? []) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      files.push({ name: Key, bytes: Buffer.from((await Body?.transformToByteArray()) ?? []) });
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return files;
}

/** A public key as PEM, or as `aws kms get-public-key` gives it: DER, plain or in Base64. */
export function readPublicKey(path: string): KeyObject {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UsageError(`--public-key ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
  const forms = [
    () => createPublicKey(bytes),
    () => createPublicKey({ key: bytes, format: 'der', type: 'spki' }),
    () => createPublicKey({ key: Buffer.from(bytes.toString(), 'base64'), format: 'der', type: 'spki' }),
  ];
  for (const form of forms) {
    try {
      return form();
    } catch {
      // The next form may fit.
    }
  }
  throw new UsageError(`--public-key ${path}: give a public key as PEM or DER`);
}
