import { functionName } from '../../deploy/names.ts';
import { limits } from '../../functions/domain/model/limits.ts';
import type { LocalClock } from '../../packages/local-aws/clock.ts';
import { ClockedRetries } from '../../packages/local-aws/wire/clocked-retries.ts';
import {
  createEndpoint,
  type DispatchOptions,
  type Endpoint,
} from '../../packages/local-aws/wire/endpoint.ts';
import { FunctionCalls } from '../../packages/local-aws/wire/function-calls.ts';
import { reachOtherHosts } from '../../packages/local-aws/wire/other-hosts.ts';
import { apiRoutes } from '../http-api.ts';
import { isFunctionKey } from '../roles.ts';
import { leadClients } from './clients.ts';
import { nobodysKey, place, prefix } from './place.ts';
import type { AccountServices } from './services.ts';

export interface EndpointOptions extends Pick<DispatchOptions, 'onCall' | 'intercept'> {
  clock: LocalClock;
  /** How long clients wait for an answer at least, in milliseconds of the run's time; by default as they are deployed. */
  requestTimeoutMs?: number;
  /** Clients of the functions go where `AWS_ENDPOINT_URL_SFN` and its like lead; otherwise every call is answered here. */
  reachesOtherHosts?: boolean;
  /** Hands calls of the functions over as they are instead of writing, signing and parsing them; for functions of this process alone. */
  directCalls?: boolean;
}

/** Serves the account's services, and notes what functions ask of them. */
export function openEndpoint(
  services: AccountServices,
  options: EndpointOptions,
): { endpoint: Endpoint; calls: FunctionCalls['calls'] } {
  const { clock, requestTimeoutMs } = options;
  const { access, lambda } = services;
  const functionCalls = new FunctionCalls(isFunctionKey);
  const endpoint = createEndpoint({
    clock,
    services: services.served(),
    patience: {
      clock,
      requestTimeoutMs: 1_000 * limits.aws.request,
      ...(requestTimeoutMs && { leastMs: requestTimeoutMs }),
    },
    clientKey: nobodysKey,
    authorize: (call, input) => access.check(call, input),
    onCall(record) {
      functionCalls.end(clock.now(), record);
      options.onCall?.(record);
    },
    intercept(call, input) {
      functionCalls.begin(clock.now(), call, input);
      return options.intercept?.(call, input);
    },
    routes: apiRoutes({
      invoke: (name, payload) => lambda.invoke(name, payload),
      accountId: place.accountId,
      pageFunction: functionName(prefix, 'approvalPage'),
      decideWithIamFunction: functionName(prefix, 'decideWithIam'),
      runPagesFunction: functionName(prefix, 'runPages'),
    }),
  });
  return { endpoint, calls: functionCalls.calls };
}

/** Lets the clients of this process speak to the endpoint, with the clock's patience between two attempts. */
export function pointClients({ requestHandler }: Endpoint, options: EndpointOptions): void {
  const handler = options.reachesOtherHosts ? reachOtherHosts(requestHandler) : requestHandler;
  leadClients({ handler, retries: new ClockedRetries(options.clock, 3) }, options.directCalls);
}
