/** One call as the wire received it. */
export interface Call {
  /** Unique for each received call; answered as the request id. */
  requestId: string;
  /** Signing name of the service: `rds`, `sns`, `states`, `monitoring`, `kms`, `lambda`. */
  service: string;
  /** Operation name as in the API, for example `DescribeDBInstances`. */
  operation: string;
  /** Access key id of the caller's signature, when the request was signed. */
  accessKeyId?: string;
  /** Which try of the client this is, counted from 1, when the client says so (`amz-sdk-request`). */
  attempt?: number;
  /** The same for all tries of one command, when the client says so (`amz-sdk-invocation-id`). */
  invocationId?: string;
}

/** Input and output are the shapes of the SDK's command of the same name. Refusals are thrown as {@link AwsError}. */
// biome-ignore lint/suspicious/noExplicitAny: the implementations name the SDK's own input and output types
export type Operation = (input: any, call: Call) => unknown;

/** A local AWS service: what it answers, by operation name. */
export interface Service {
  name: string;
  operations: Record<string, Operation>;
}

/** A refusal as AWS gives it. `name` is the SDK's class name (`DBInstanceNotFoundFault`) or an unmodelled code (`InvalidParameterCombination`). */
export class AwsError extends Error {
  readonly status: number | undefined;
  /** Further modelled members of the error, by the SDK's member names. */
  readonly details: Record<string, unknown>;

  constructor(name: string, message: string, status?: number, details: Record<string, unknown> = {}) {
    super(message);
    this.name = name;
    this.status = status;
    this.details = details;
  }
}
