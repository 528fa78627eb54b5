import { Route53Client } from '@aws-sdk/client-route-53';
import { lazyClient } from './settings.ts';

export const route53Reader = lazyClient('retried', (config) => new Route53Client(config));
/**
 * Sent once, although an UPSERT may be repeated: a client that repeats it by itself does so without a look, over whatever somebody
 * else has written meanwhile. The state machine repeats the task, which looks first.
 */
export const route53Writer = lazyClient('once', (config) => new Route53Client(config));
