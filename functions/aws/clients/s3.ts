import { S3Client } from '@aws-sdk/client-s3';
import { lazyClient } from './settings.ts';

export const s3 = lazyClient('retried', (config) => new S3Client(config));
