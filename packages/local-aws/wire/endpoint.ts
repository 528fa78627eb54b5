import { createDispatcher, type DispatchOptions } from './dispatch.ts';
import { type HttpServer, listen } from './http-server.ts';
import { createInProcessHandler, type InProcessHandler, type Patience } from './in-process.ts';

export type { CallRecord, Outcome } from './answer-call.ts';
export type { DispatchOptions, Route } from './dispatch.ts';
export type { Fault, Trouble } from './fault.ts';
export type { HttpServer } from './http-server.ts';
export type { WireRequest, WireResponse } from './wire.ts';

export interface Endpoint {
  /** For `new RDSClient({ requestHandler })`: the same answers without a socket. */
  requestHandler: InProcessHandler;
  /** Serves on a port; 0 chooses a free one. */
  listen(port: number, host?: string): Promise<HttpServer>;
}

export interface EndpointOptions extends DispatchOptions {
  /** How long in-process clients wait for an answer; without it, for ever. Over HTTP they have timeouts of their own. */
  patience?: Patience;
  /**
   * Key id that in-process clients sign with by themselves. A function with a key of its own signs with that one instead; what was signed
   * with any other key is somebody's who signed it elsewhere, and stays.
   */
  clientKey?: string;
}

/** A local AWS endpoint for these services. */
export function createEndpoint({ patience, clientKey, ...options }: EndpointOptions): Endpoint {
  const dispatch = createDispatcher(options);
  return {
    requestHandler: createInProcessHandler(dispatch, { patience, clientKey }),
    listen: (port, host = '127.0.0.1') => listen(dispatch, port, host),
  };
}
