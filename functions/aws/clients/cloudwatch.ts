import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { lazyClient } from './settings.ts';

export const cloudWatch = lazyClient('retried', (config) => new CloudWatchClient(config));
/** Sent once: a repeated call would write over what somebody else has changed meanwhile. */
export const cloudWatchWriter = lazyClient('once', (config) => new CloudWatchClient(config));
