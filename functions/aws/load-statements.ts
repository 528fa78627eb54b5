import { GetObjectCommand } from '@aws-sdk/client-s3';
import { longestFile } from '../domain/load-test/statement.ts';
import { isRead, type Reading, unreadable } from '../domain/model/reading.ts';
import { s3 } from './clients/s3.ts';
import { attempt } from './readings.ts';

/**
 * The text of a file of statements (`GetObject`), from a bucket of this account alone. One that is missing, too long, or of another account is unreadable;
 * a busy S3 is thrown on.
 * @param place `s3://BUCKET/KEY`
 */
export async function readStatementFile(place: string, account: string): Promise<Reading<string>> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(place) ?? [];
  const found = await attempt(s3().send(new GetObjectCommand({ Bucket, Key, ExpectedBucketOwner: account })));
  if (!isRead(found)) return found;
  const { Body, ContentLength = 0 } = found.value;
  if (ContentLength > longestFile)
    return unreadable(`it has ${ContentLength} bytes, and ${longestFile} at most are read`);
  return { value: (await Body?.transformToString()) ?? '' };
}
