import { RDSClient } from '@aws-sdk/client-rds';
import { lazyClient } from './settings.ts';

export const rdsReader = lazyClient('retried', (config) => new RDSClient(config));
/** For every call that changes something: sent once, whatever becomes of the answer. */
export const rdsWriter = lazyClient('once', (config) => new RDSClient(config));
