import type {
  HttpHandlerOptions,
  HttpRequest,
  HttpResponse,
  Logger,
  RequestHandler,
  RetryStrategyV2,
} from '@smithy/types';
import { type ClientSettings, configureClients } from '../../functions/aws/clients/settings.ts';
import { handOver } from '../../packages/local-aws/wire/direct-client.ts';
import { nobodysKey, place } from './place.ts';

/** What the clients of the functions reach. */
export interface Reached {
  handler: RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions>;
  retries: RetryStrategyV2;
}

/** Of the account that was opened last. */
let reached: Reached | undefined;

function reach(): Reached {
  if (!reached) throw new Error('no local account is open');
  return reached;
}

const noLogger = {} as Logger;

/** One object for all accounts, so that functions keep the clients that they have made: simulations open an account for each run. */
const overTheWire: ClientSettings = {
  region: place.region,
  requestHandler: {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: (request: HttpRequest, options?: HttpHandlerOptions) => reach().handler.handle(request, options),
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  },
  retryStrategy: {
    acquireInitialRetryToken: (scope) => reach().retries.acquireInitialRetryToken(scope),
    refreshRetryTokenForRetry: (token, error) => reach().retries.refreshRetryTokenForRetry(token, error),
    recordSuccess: (token) => reach().retries.recordSuccess(token),
  },
  credentials: { accessKeyId: nobodysKey, secretAccessKey: 'rehearsal' },
  // A command is put together once and not for each call, and nothing is prepared for a logger.
  cacheMiddleware: true,
  logger: noLogger,
};
const handedOver: ClientSettings = { ...overTheWire, prepare: handOver };

/**
 * Leads the clients of the functions to an account.
 * @param directly whether calls are handed over instead of written, signed and parsed
 */
export function leadClients(to: Reached, directly = false): void {
  reached = to;
  configureClients(directly ? handedOver : overTheWire);
}

/** Gives the clients of this process back. */
export function releaseClients(): void {
  reached = undefined;
  configureClients(undefined);
}
