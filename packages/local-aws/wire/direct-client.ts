import { constructStack } from '@smithy/core/client';
import { getRetryPlugin } from '@smithy/core/retry';
import type {
  AwsCredentialIdentity,
  ClientProtocol,
  DeserializeHandlerOutput,
  HandlerExecutionContext,
  HttpHandlerOptions,
  HttpRequest,
  HttpResponse,
  MetadataBearer,
  MiddlewareStack,
  RequestHandler,
  RetryStrategyV2,
  StaticOperationSchema,
} from '@smithy/types';
import { apis } from './apis.ts';
import { DirectRequest } from './direct-call.ts';
import { canBeDirect } from './direct-protocol.ts';
import type { WireResponse } from './wire.ts';

/** What every client of the SDK has, as far as handing over needs it. */
export interface SdkClient {
  // biome-ignore lint/suspicious/noExplicitAny: each client names the inputs and outputs of its own service
  middlewareStack: MiddlewareStack<any, any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  send: (command: any, options?: any) => Promise<any>;
  config: object;
}

/** Settings of a client once it is made; every provider is a function. */
interface ResolvedConfig {
  protocol: ClientProtocol<HttpRequest, HttpResponse>;
  protocolSettings: { serviceTarget: string };
  requestHandler: RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions>;
  retryStrategy: () => Promise<RetryStrategyV2>;
  maxAttempts: () => Promise<number>;
  credentials: () => Promise<AwsCredentialIdentity>;
}

interface AnyCommand {
  input: object;
  schema: StaticOperationSchema;
}

type Handler = (args: {
  input: object;
  request: DirectRequest;
}) => Promise<DeserializeHandlerOutput<MetadataBearer>>;

/**
 * Makes a client hand its input over and take the output as they are, where the service allows it: nothing is written, signed or
 * parsed. Its retries and its errors stay, and whatever is added to its middleware from now on; the SDK's other middleware, which
 * finds hosts, headers and signatures for the wire, is left out.
 * @param client with a `requestHandler` of this endpoint
 */
export function handOver(client: SdkClient): void {
  const config = client.config as ResolvedConfig;
  const service = apis.find(({ target }) => target === config.protocolSettings.serviceTarget)?.name ?? '';
  if (!canBeDirect(service)) return;
  client.middlewareStack = constructStack();
  client.middlewareStack.use(getRetryPlugin(config));
  const handlers = new Map<string, Handler>();
  client.send = async ({ input, schema }: AnyCommand, options?: HttpHandlerOptions) => {
    const [, , operation] = schema;
    let handle = handlers.get(operation);
    if (!handle) {
      handle = makeHandler(client, config, schema);
      handlers.set(operation, handle);
    }
    const { accessKeyId } = await config.credentials();
    const request = new DirectRequest({ service, operation, input, accessKeyId }, options);
    const { output } = await handle({ input, request });
    return output;
  };
}

/** What a call of one operation goes through. It is put together once. */
function makeHandler(
  { middlewareStack }: SdkClient,
  config: ResolvedConfig,
  schema: StaticOperationSchema,
): Handler {
  const context = { commandName: `${schema[2]}Command` } as HandlerExecutionContext;
  const exchange: Handler = async ({ request }) => {
    const { response } = await config.requestHandler.handle(request, request.options);
    return { response, output: await readAnswer(config, schema, response) };
  };
  return middlewareStack.resolve(exchange as never, context) as never;
}

async function readAnswer(
  config: ResolvedConfig,
  [, namespace, name, traits, input, output]: StaticOperationSchema,
  response: HttpResponse & Pick<WireResponse, 'output'>,
): Promise<MetadataBearer> {
  const { statusCode: httpStatusCode, headers } = response;
  if (response.output) {
    const requestId = headers['x-amzn-requestid'];
    return {
      ...response.output,
      $metadata: { httpStatusCode, requestId, extendedRequestId: undefined, cfId: undefined },
    };
  }
  try {
    return await config.protocol.deserializeResponse(
      { namespace, name, traits, input, output },
      config as never,
      response,
    );
  } catch (error) {
    // As the SDK's own reader of answers leaves it on an error, for its retries.
    Object.defineProperty(error, '$response', { value: response });
    throw error;
  }
}
