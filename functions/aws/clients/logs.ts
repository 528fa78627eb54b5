import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { lazyClient } from './settings.ts';

export const logs = lazyClient('retried', (config) => new CloudWatchLogsClient(config));
