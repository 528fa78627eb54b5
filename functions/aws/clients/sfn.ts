import { SFNClient } from '@aws-sdk/client-sfn';
import { lazyClient } from './settings.ts';

/** Retried, the answers to a token too: a token takes one answer, a second one is refused. */
export const stepFunctions = lazyClient('retried', (config) => new SFNClient(config));
