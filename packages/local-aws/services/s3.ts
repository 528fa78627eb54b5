import { createHash } from 'node:crypto';
import type {
  GetObjectOutput,
  GetObjectRequest,
  ListObjectsV2Output,
  ListObjectsV2Request,
  PutObjectOutput,
  PutObjectRequest,
} from '@aws-sdk/client-s3';
import type { Clock } from '../clock.ts';
import { readPageToken, writePageToken } from '../wire/page-token.ts';
import { AwsError, type Service } from '../wire/service.ts';

interface StoredObject {
  bytes: Uint8Array;
  storedAt: Date;
  etag: string;
}

/** Objects that a page of a list has. */
const longestPage = 1_000;

/**
 * S3 as far as a ledger needs it: buckets that take objects, never change one that stands under a condition, and list them by their keys.
 * Without versions: what a bucket with Object Lock keeps of an overwritten object is not modelled.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export class S3Service implements Service {
  readonly name = 's3';
  readonly operations: Service['operations'] = {
    PutObject: (input: PutObjectRequest) => this.#put(input),
    GetObject: (input: GetObjectRequest) => this.#get(input),
    ListObjectsV2: (input: ListObjectsV2Request) => this.#list(input),
  };
  readonly #clock: Pick<Clock, 'now'>;
  readonly #buckets = new Map<string, Map<string, StoredObject>>();
  readonly #owners = new Map<string, string>();

  constructor({ clock }: { clock: Pick<Clock, 'now'> }) {
    this.#clock = clock;
  }

  /** @param owner id of its account, where that is another one than the caller's */
  createBucket(name: string, owner?: string): void {
    this.#buckets.set(name, new Map());
    if (owner !== undefined) this.#owners.set(name, owner);
  }

  /** Puts an object there as its owner does, over what stands there. */
  put(Bucket: string, Key: string, text: string): void {
    this.#put({ Bucket, Key, Body: Buffer.from(text) });
  }

  /** Everything in a bucket, by key, in the order of a list. */
  objects(bucket: string): ReadonlyMap<string, Uint8Array> {
    const stored = [...this.#bucket(bucket)].toSorted(([a], [b]) => compareBytes(a, b));
    return new Map(stored.map(([key, { bytes }]) => [key, bytes]));
  }

  #bucket(name: string | undefined): Map<string, StoredObject> {
    const bucket = this.#buckets.get(name ?? '');
    if (bucket) return bucket;
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
  }

  #put({
    Bucket,
    Key = '',
    Body,
    IfNoneMatch,
  }: Omit<PutObjectRequest, 'Body'> & { Body?: unknown }): PutObjectOutput {
    const bucket = this.#bucket(Bucket);
    if (IfNoneMatch === '*' && bucket.has(Key))
      throw new AwsError(
        'PreconditionFailed',
        'At least one of the pre-conditions you specified did not hold',
        412,
      );
    const bytes = new Uint8Array((Body as Uint8Array | undefined) ?? []);
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    bucket.set(Key, { bytes, etag, storedAt: new Date(this.#clock.now()) });
    return { ETag: etag };
  }

  #get({ Bucket, Key = '', ExpectedBucketOwner }: GetObjectRequest): Omit<GetObjectOutput, 'Body'> & {
    Body: Uint8Array;
  } {
    const owner = this.#owners.get(Bucket ?? '');
    if (owner !== undefined && ExpectedBucketOwner !== undefined && owner !== ExpectedBucketOwner)
      throw new AwsError('AccessDenied', 'Access Denied', 403);
    const found = this.#bucket(Bucket).get(Key);
    if (!found) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    return { Body: found.bytes, ContentLength: found.bytes.length, ETag: found.etag };
  }

  #list(input: ListObjectsV2Request): ListObjectsV2Output {
    const { Bucket, Prefix = '', MaxKeys = longestPage, ContinuationToken, StartAfter = '' } = input;
    const after = ContinuationToken === undefined ? StartAfter : readPageToken(ContinuationToken);
    if (after === undefined)
      throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
    const keys = [...this.#bucket(Bucket).keys()]
      .filter((key) => key.startsWith(Prefix) && (after === '' || compareBytes(key, after) > 0))
      .toSorted(compareBytes);
    const page = keys.slice(0, Math.min(MaxKeys, longestPage));
    const isTruncated = page.length < keys.length;
    return {
      Name: Bucket,
      Prefix,
      MaxKeys,
      KeyCount: page.length,
      IsTruncated: isTruncated,
      ...(isTruncated && { NextContinuationToken: writePageToken(page.at(-1) ?? '') }),
      Contents: page.map((Key) => this.#describe(Bucket, Key)),
    };
  }

  #describe(bucket: string | undefined, Key: string) {
    const { bytes, etag, storedAt } = this.#bucket(bucket).get(Key) as StoredObject;
    return { Key, Size: bytes.length, ETag: etag, LastModified: storedAt };
  }
}

/** Keys are listed in the order of their bytes in UTF-8. */
const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
