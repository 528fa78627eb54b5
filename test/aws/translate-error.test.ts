import { describe, expect, test } from 'vitest';
import { classifyError, translateError } from '../../functions/aws/errors.ts';
import { OutcomeUnknown } from '../../functions/domain/model/errors.ts';

const error = (name: string, status?: number, code?: string) =>
  Object.assign(new Error('said by AWS'), { name, code, $metadata: { httpStatusCode: status } });

/** Name and HTTP status as the SDK gives them; what they say about the call; the error that the state machine sees. */
const table = [
  ['Throttling', 400, 'busy', 'BlueGreen.Throttled'],
  ['ThrottlingException', 400, 'busy', 'BlueGreen.Throttled'],
  ['RequestLimitExceeded', 503, 'busy', 'BlueGreen.Throttled'],
  ['InvalidBlueGreenDeploymentStateFault', 400, 'busy', 'BlueGreen.Busy'],
  ['InvalidDBInstanceStateFault', 400, 'busy', 'BlueGreen.Busy'],
  ['InvalidDBClusterStateFault', 400, 'busy', 'BlueGreen.Busy'],
  ['InvalidDBSnapshotState', 400, 'busy', 'BlueGreen.Busy'],
  ['ExpiredTokenException', 403, 'busy', 'BlueGreen.Busy'],
  ['InternalFailure', 500, 'lost', 'BlueGreen.Busy'],
  ['ServiceUnavailable', 503, 'lost', 'BlueGreen.Busy'],
  ['TimeoutError', undefined, 'lost', 'BlueGreen.Busy'],
  ['AccessDenied', 403, 'denied', 'BlueGreen.UnexpectedState'],
  ['AccessDeniedException', 400, 'denied', 'BlueGreen.UnexpectedState'],
  ['UnauthorizedOperation', 403, 'denied', 'BlueGreen.UnexpectedState'],
  ['KMSKeyNotAccessibleFault', 400, 'denied', 'BlueGreen.UnexpectedState'],
  ['DBInstanceNotFoundFault', 404, 'missing', 'BlueGreen.UnexpectedState'],
  ['BlueGreenDeploymentNotFoundFault', 404, 'missing', 'BlueGreen.UnexpectedState'],
  ['ExecutionDoesNotExist', 400, 'missing', 'BlueGreen.UnexpectedState'],
  ['InvalidParameterCombination', 400, 'refused', 'BlueGreen.UnexpectedState'],
  ['InstanceQuotaExceededFault', 400, 'refused', 'BlueGreen.UnexpectedState'],
  ['DBClusterQuotaExceededFault', 403, 'refused', 'BlueGreen.UnexpectedState'],
] as const;

describe.each(table)('%s (%s)', (name, status, kind, ours) => {
  test(`is ${kind}`, () => expect(classifyError(error(name, status))).toBe(kind));

  test(`becomes ${ours}, with what AWS said and the error itself`, () => {
    const original = error(name, status);
    expect(translateError(original)).toMatchObject({
      name: ours,
      message: expect.stringContaining(`${name}: said by AWS`),
      cause: original,
    });
  });
});

test.each(['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])(
  'a connection that broke with %s is lost',
  (code) => {
    expect(classifyError(error('Error', undefined, code))).toBe('lost');
  },
);

test('a fault of our own code is no answer of AWS', () => {
  expect(classifyError(new TypeError('x is not a function'))).toBe('foreign');
  expect(classifyError('text')).toBe('foreign');
});

test('our errors pass as they are', () => {
  const ours = new OutcomeUnknown('look');
  expect(translateError(ours)).toBe(ours);
});
