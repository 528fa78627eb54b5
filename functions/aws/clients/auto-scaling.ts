import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { lazyClient } from './settings.ts';

export const scalingReader = lazyClient('retried', (config) => new ApplicationAutoScalingClient(config));
export const scalingWriter = lazyClient('once', (config) => new ApplicationAutoScalingClient(config));
