import type { RDSClientConfig } from '@aws-sdk/client-rds';
import type { MiddlewareStack } from '@smithy/types';
import { limits } from '../../domain/model/limits.ts';
import { recordChanges } from './record-changes.ts';

/** What a rehearsal or a test sets differently for every client of this process. */
export type ClientSettings = Pick<
  RDSClientConfig,
  'region' | 'endpoint' | 'credentials' | 'requestHandler' | 'retryStrategy' | 'cacheMiddleware' | 'logger'
> & {
  /** Sees every client when it is made. */
  prepare?: (client: PreparedClient) => void;
};

/** The part of a client that is the same in each service. */
export interface PreparedClient {
  // biome-ignore lint/suspicious/noExplicitAny: each client names the inputs and outputs of its own service
  middlewareStack: MiddlewareStack<any, any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  send: (command: any, options?: any) => Promise<any>;
  config: object;
}

/** A global symbol, as in `runtime/clock.ts`: what is set here reaches the packaged bundles as well as the sources. */
const seam: unique symbol = Symbol.for('viridian.clients') as never;
const holder = globalThis as { [seam]?: ClientSettings };
const asDeployed: ClientSettings = {};

/** Replaces the settings of every client; `undefined` puts the SDK's own defaults back (region and endpoint from the environment). */
export function configureClients(settings: ClientSettings | undefined): void {
  holder[seam] = settings;
}

/**
 * How often a call is sent. `retried`: three times, for calls that may be repeated. `once`: for every call that changes
 * a database; an SDK client sends a call whose answer was lost again, and no RDS call takes a client token.
 */
export type Attempts = 'retried' | 'once';

/** Of calls that AWS itself answers. All tries and the pauses between them stay under the timeout of a function that acts. */
const timeouts = {
  connectionTimeout: 1_000 * limits.aws.connect,
  requestTimeout: 1_000 * limits.aws.request,
  throwOnRequestTimeout: true,
};

function clientConfig(
  attempts: Attempts,
  { retryStrategy, prepare: _, ...settings }: ClientSettings,
): ClientSettings {
  const common = { requestHandler: timeouts, ...settings };
  if (attempts === 'once') return { ...common, maxAttempts: 1 } as ClientSettings;
  return {
    ...common,
    maxAttempts: limits.aws.tries,
    // Not 'adaptive': its pauses, seconds for each call after a throttle, outlast a look. The state machine asks again instead.
    retryMode: 'standard',
    ...(retryStrategy && { retryStrategy }),
  } as ClientSettings;
}

/** A client that is made at its first use and kept while the settings stay the same. Whatever it changes is recorded. */
export function lazyClient<Client extends PreparedClient>(
  attempts: Attempts,
  make: (config: ClientSettings) => Client,
): () => Client {
  let kept: { settings: ClientSettings; client: Client } | undefined;
  return () => {
    const settings = holder[seam] ?? asDeployed;
    if (kept?.settings !== settings) {
      kept = { settings, client: make(clientConfig(attempts, settings)) };
      settings.prepare?.(kept.client);
      kept.client.middlewareStack.use(recordChanges);
    }
    return kept.client;
  };
}
