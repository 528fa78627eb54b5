import { NormalizedSchema } from '@smithy/core/schema';
import type { Api } from './api.ts';
import type { AwsError } from './service.ts';

/** A refusal with everything that any protocol says about it. */
export interface Refusal {
  /** Class name in the SDK, or the unmodelled code. */
  name: string;
  queryCode: string;
  status: number;
  fault: 'client' | 'server';
  message: string;
  /** What is written beside the code: the message and the modelled members. */
  members: Record<string, unknown>;
  schema: NormalizedSchema;
}

/** Codes that every AWS API may answer without modelling them, where the status is not 400. */
const commonStatus: Record<string, number> = {
  AccessDenied: 403,
  AccessDeniedException: 403,
  ExpiredToken: 403,
  InternalFailure: 500,
  MissingAuthenticationToken: 403,
  OptInRequired: 403,
  RequestLimitExceeded: 503,
  ServiceUnavailable: 503,
  UnauthorizedOperation: 403,
};

/** Completes an error with what the API's model says of it; found by class name or by Query code. */
export function describeRefusal(api: Api, error: AwsError): Refusal {
  const modelled =
    api.errors.find(({ name }) => name === error.name) ??
    api.errors.find(({ queryCode }) => queryCode === error.name);
  const status = error.status ?? modelled?.status ?? commonStatus[error.name] ?? 400;
  return {
    name: modelled?.name ?? error.name,
    queryCode: modelled?.queryCode ?? error.name,
    status,
    fault: modelled?.fault ?? (status >= 500 ? 'server' : 'client'),
    message: error.message,
    members: { ...error.details, message: error.message, Message: error.message },
    schema: modelled?.schema ?? messageOnly,
  };
}

const messageOnly = NormalizedSchema.of([3, 'local.aws', 'UnmodelledError', 0, ['message'], [0]]);
