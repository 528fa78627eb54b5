import { LambdaClient } from '@aws-sdk/client-lambda';
import { lazyClient } from './settings.ts';

/** Sent once: the caller decides whether a function may run twice. */
export const lambda = lazyClient('once', (config) => new LambdaClient(config));
