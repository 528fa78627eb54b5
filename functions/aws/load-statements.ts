import { GetObjectCommand } from '@aws-sdk/client-s3';
import { longestFile } from '../domain/load-test/statement.ts';
import { s3 } from './clients/s3.ts';

/**
 * The text of a file of statements (`GetObject`), from a bucket of this account alone.
 * @param place `s3://BUCKET/KEY`
 * @throws what S3 says; a RangeError for a file that is too long
 */
export async function readStatementFile(place: string, account: string): Promise<string> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(place) ?? [];
  const { Body, ContentLength = 0 } = await s3().send(
    new GetObjectCommand({ Bucket, Key, ExpectedBucketOwner: account }),
  );
  if (ContentLength > longestFile)
    throw new RangeError(
      `it has ${ContentLength} bytes, and ${longestFile} at most are read; keep the statements that matter most`,
    );
  return (await Body?.transformToString()) ?? '';
}
