import { AwsSdkSigV4Signer } from '@aws-sdk/core/httpAuthSchemes';
import {
  AwsJson1_0Protocol,
  AwsJson1_1Protocol,
  AwsQueryProtocol,
  AwsRestJsonProtocol,
  AwsRestXmlProtocol,
} from '@aws-sdk/core/protocols';
import type {
  AwsCredentialIdentity,
  ClientProtocol,
  HttpRequest,
  HttpResponse,
  HttpSigner,
  IdentityProviderConfig,
  MetadataBearer,
} from '@smithy/types';
import { apis } from './apis.ts';
import { DirectRequest } from './direct-call.ts';
import { canBeDirect } from './direct-protocol.ts';
import type { WireResponse } from './wire.ts';

type Protocol = ClientProtocol<HttpRequest, HttpResponse>;

/** What the clients of these services speak by default. */
const spoken: Record<string, new (settings: never) => object> = {
  rds: AwsQueryProtocol,
  sns: AwsQueryProtocol,
  sts: AwsQueryProtocol,
  states: AwsJson1_0Protocol,
  monitoring: AwsJson1_0Protocol,
  kms: AwsJson1_1Protocol,
  secretsmanager: AwsJson1_1Protocol,
  lambda: AwsRestJsonProtocol,
  route53: AwsRestXmlProtocol,
  logs: AwsJson1_1Protocol,
};

/**
 * Makes a client hand its input over and take the output as they are, where the service allows it: nothing is written, signed or
 * parsed. Everything else of the client stays: its retries, its middleware, its errors.
 */
class DirectProtocol
  implements Pick<Protocol, 'serializeRequest' | 'deserializeResponse' | 'setSerdeContext'>
{
  readonly #service: string;
  readonly #own: Protocol;

  /** @param settings as the SDK gives them to the protocol of a client */
  constructor(settings: { serviceTarget: string }) {
    this.#service = apis.find(({ target }) => target === settings.serviceTarget)?.name ?? '';
    const Own = spoken[this.#service];
    if (!Own) throw new Error(`The protocol of ${settings.serviceTarget} is not known.`);
    this.#own = new Own(settings as never) as Protocol;
  }

  setSerdeContext(...[context]: Parameters<Protocol['setSerdeContext']>): void {
    this.#own.setSerdeContext(context);
  }

  async serializeRequest(
    ...[operation, input, context]: Parameters<Protocol['serializeRequest']>
  ): Promise<HttpRequest> {
    if (canBeDirect(this.#service)) return new DirectRequest(this.#service, operation.name, input);
    return this.#own.serializeRequest(operation, input, context);
  }

  async deserializeResponse<Output extends MetadataBearer>(
    ...[operation, context, response]: Parameters<Protocol['deserializeResponse']>
  ): Promise<Output> {
    const { output } = response as HttpResponse & Pick<WireResponse, 'output'>;
    if (!output) return this.#own.deserializeResponse(operation, context, response);
    const { statusCode: httpStatusCode, headers } = response;
    const $metadata = {
      httpStatusCode,
      requestId: headers['x-amzn-requestid'],
      extendedRequestId: undefined,
      cfId: undefined,
    };
    return { ...output, $metadata } as Output;
  }
}

/** Leaves the name of the key on a call that is handed over, and signs every other. */
class DirectSigner implements HttpSigner {
  readonly #own = new AwsSdkSigV4Signer();

  async sign(
    request: HttpRequest,
    identity: AwsCredentialIdentity,
    properties: Record<string, unknown>,
  ): Promise<HttpRequest> {
    if (!(request instanceof DirectRequest)) return this.#own.sign(request, identity, properties);
    request.call.accessKeyId = identity.accessKeyId;
    return request;
  }
}

const signatures = {
  schemeId: 'aws.auth#sigv4',
  identityProvider: (config: IdentityProviderConfig) => config.getIdentityProvider('aws.auth#sigv4'),
  signer: new DirectSigner(),
};

/** Nothing is told to a logger, so that nothing is prepared for it. */
const noLogger = {};

/** Beside a `requestHandler` of this endpoint: what makes the calls of a client of the SDK direct ones. */
export const directClient = {
  protocol: DirectProtocol,
  httpAuthSchemes: [signatures],
  cacheMiddleware: true,
  // There is no body to compress.
  disableRequestCompression: true,
  logger: noLogger,
};
