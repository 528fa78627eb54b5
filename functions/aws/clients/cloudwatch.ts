import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { lazyClient } from './settings.ts';

export const cloudWatch = lazyClient('retried', (config) => new CloudWatchClient(config));
