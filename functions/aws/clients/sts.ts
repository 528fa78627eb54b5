import { STSClient } from '@aws-sdk/client-sts';
import { lazyClient } from './settings.ts';

export const sts = lazyClient('retried', (config) => new STSClient(config));
