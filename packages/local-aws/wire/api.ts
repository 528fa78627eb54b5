import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef, StaticErrorSchema, StaticOperationSchema, StaticSchema } from '@smithy/types';

/** What identifies an API on the wire; the schemas themselves come from the SDK's client. */
export interface ApiIdentity {
  /** Name in a signature's credential scope. */
  name: string;
  /** `Version` of a Query call. */
  version: string;
  /** First half of `X-Amz-Target`, and the service in the path of an RPC v2 call. */
  target: string;
  xmlNamespace?: string;
  /** A JSON or CBOR API that was once Query: its errors carry the old code as well. */
  queryCompatible?: boolean;
}

export interface ApiOperation {
  name: string;
  input: NormalizedSchema;
  output: NormalizedSchema;
  /** Method, path template and status, when the API is REST. */
  http: [method: string, path: string, status: number] | undefined;
}

export interface ApiError {
  /** Class name in the SDK. */
  name: string;
  /** Code of the Query protocol; mostly the class name, for RDS often without `Fault`. */
  queryCode: string;
  status: number;
  fault: 'client' | 'server';
  schema: NormalizedSchema;
}

export interface Api extends ApiIdentity {
  operations: ReadonlyMap<string, ApiOperation>;
  errors: readonly ApiError[];
}

/** The first element of a static schema is its kind, the second its namespace; the SDK adds a base class of its own. */
const isOperation = (schema: StaticSchema): schema is StaticOperationSchema => schema[0] === 9;
const isError = (schema: StaticSchema): schema is StaticErrorSchema =>
  schema[0] === -3 && !schema[1].startsWith('smithy.ts.sdk.synthetic');

/** Builds an API from the schemas among the exports of an SDK v3 client. */
export function apiFromClient(identity: ApiIdentity, client: object): Api {
  const schemas = Object.values(client).filter((value): value is StaticSchema => Array.isArray(value));
  return {
    ...identity,
    operations: new Map(schemas.filter(isOperation).map((schema) => [schema[2], asOperation(schema)])),
    errors: schemas.filter(isError).map(asError),
  };
}

function asOperation([, , name, traits, input, output]: StaticOperationSchema): ApiOperation {
  return {
    name,
    input: NormalizedSchema.of(input as SchemaRef),
    output: NormalizedSchema.of(output as SchemaRef),
    http: typeof traits === 'object' ? traits.http : undefined,
  };
}

interface ErrorTraits {
  error?: 'client' | 'server';
  httpError?: number;
  awsQueryError?: [code: string, status: number];
}

function asError(schema: StaticErrorSchema): ApiError {
  const normalized = NormalizedSchema.of(schema);
  const { error, httpError, awsQueryError } = normalized.getMergedTraits() as ErrorTraits;
  const fault = error === 'server' ? 'server' : 'client';
  return {
    name: schema[2],
    queryCode: awsQueryError?.[0] ?? schema[2],
    status: httpError ?? awsQueryError?.[1] ?? (fault === 'server' ? 500 : 400),
    fault,
    schema: normalized,
  };
}
