import { Busy, Throttled, UnexpectedState } from '../domain/model/errors.ts';
import { notYet } from '../domain/model/not-yet.ts';

/**
 * What an error of the SDK says about its call. `busy`, `denied`, `missing` and `refused`: AWS answered and did nothing.
 * `lost`: no answer, or a fault inside AWS; the call may have been done. `foreign`: not an error of the SDK.
 */
export type ErrorClass = 'busy' | 'denied' | 'missing' | 'refused' | 'lost' | 'foreign';

const throttling =
  /^(Throttling|ThrottlingException|ThrottledException|RequestThrottled|RequestThrottledException|RequestLimitExceeded|TooManyRequestsException|SlowDown|KmsThrottlingException|PriorRequestNotComplete)$/;
/** `InvalidBlueGreenDeploymentStateFault`, `InvalidDBInstanceStateFault` … (RDS API reference): not now, perhaps later. */
const invalidState = /^Invalid[A-Za-z]+State(Fault)?$/;
/** Credentials of a function are replaced while it runs. */
const expired = /^(ExpiredToken|ExpiredTokenException|RequestExpired|CredentialsProviderError)$/;
const denied =
  /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|AuthorizationErrorException|NotAuthorized|OptInRequired|KMSKeyNotAccessibleFault|KmsAccessDeniedException)$/;
const missing = /(NotFound|NotFoundFault|NotFoundException|DoesNotExist)$/;
const brokenConnection =
  /^(TimeoutError|RequestTimeout|RequestTimeoutException|NetworkingError|AbortError|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/;

/** Whether AWS turned a call away unseen, because there were too many. */
export function isThrottle(error: unknown): error is Error {
  return error instanceof Error && throttling.test(error.name);
}

/** Sorts an error by its name and HTTP status; message texts are never looked at. */
export function classifyError(error: unknown): ErrorClass {
  if (!(error instanceof Error)) return 'foreign';
  if (throttling.test(error.name) || invalidState.test(error.name) || expired.test(error.name)) return 'busy';
  if (denied.test(error.name)) return 'denied';
  const status = statusOf(error);
  if (status === undefined)
    return brokenConnection.test(error.name) || brokenConnection.test(codeOf(error)) ? 'lost' : 'foreign';
  if (status >= 500) return 'lost';
  return missing.test(error.name) ? 'missing' : 'refused';
}

/** AWS has turned these calls away unseen. */
export function turnedAway(calls: string, said: string, options?: ErrorOptions): Throttled {
  return new Throttled(
    notYet(
      `AWS admits no more ${calls} for now (${said}); it is asked again`,
      'find in CloudTrail which program of the account calls so often',
    ),
    options,
  );
}

/**
 * One of our errors for whatever was thrown; ours pass. A lost answer is Busy here because every task reads before it
 * acts and may run again; "Start switchover" alone must not use it after its call.
 */
export function translateError(thrown: unknown): Error {
  if (isOurs(thrown)) return thrown;
  if (isThrottle(thrown)) return turnedAway('calls', `${thrown.name}: ${thrown.message}`, { cause: thrown });
  const said = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  switch (classifyError(thrown)) {
    case 'busy':
      return new Busy(
        notYet(
          `AWS refuses for now (${said}); the task reads again and repeats it`,
          'look what else works on the resource that AWS names, and end it',
        ),
        { cause: thrown },
      );
    case 'lost':
      return new Busy(
        notYet(
          `the answer of AWS was lost (${said}); the task reads what happened and goes on from there`,
          'look at the AWS Health Dashboard of this Region',
        ),
        { cause: thrown },
      );
    case 'denied':
      return new UnexpectedState(
        `AWS denied access (${said}); give the function this permission (docs/permissions.md) and start again`,
        { cause: thrown },
      );
    case 'missing':
      return new UnexpectedState(
        `something that the run relies on is gone (${said}); look before you start again`,
        {
          cause: thrown,
        },
      );
    default:
      return new UnexpectedState(`unexpected: ${said}`, { cause: thrown });
  }
}

function isOurs(thrown: unknown): thrown is Error {
  return thrown instanceof Error && thrown.name.startsWith('BlueGreen.');
}

function statusOf(error: Error): number | undefined {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}

function codeOf(error: Error): string {
  return String((error as { code?: unknown }).code ?? '');
}
