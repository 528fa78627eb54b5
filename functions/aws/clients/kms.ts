import { KMSClient } from '@aws-sdk/client-kms';
import { lazyClient } from './settings.ts';

export const kms = lazyClient('retried', (config) => new KMSClient(config));
