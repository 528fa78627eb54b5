import { HttpRequest } from '@smithy/core/protocols';
import type { HttpHandlerOptions } from '@smithy/types';

/** A call as the command of the SDK has it. */
export interface DirectCall {
  /** Signing name of the service, as in a signature. */
  service: string;
  operation: string;
  input: unknown;
  accessKeyId: string;
}

/** A call on its way through an SDK client: to the client a request like every other, but with neither a body nor a signature. */
export class DirectRequest extends HttpRequest {
  readonly call: DirectCall;
  /** Of this call alone. */
  readonly options: HttpHandlerOptions | undefined;

  constructor(call: DirectCall, options?: HttpHandlerOptions) {
    super({ method: 'POST', protocol: 'https:', hostname: `${call.service}.amazonaws.com`, path: '/' });
    this.call = call;
    this.options = options;
  }
}
