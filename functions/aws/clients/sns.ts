import { SNSClient } from '@aws-sdk/client-sns';
import { lazyClient } from './settings.ts';

/** Retried: a message that arrives twice is better than one that does not arrive. */
export const sns = lazyClient('retried', (config) => new SNSClient(config));
