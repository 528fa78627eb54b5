import { expect, it } from 'vitest';
import * as errors from '../../../functions/domain/model/errors.ts';
import { notYet } from '../../../functions/domain/model/not-yet.ts';

/** What Catch and Retry match, also those of alarms and filters that people wrote: a name that changes breaks them. */
it.each([
  [new errors.RequestInvalid(''), 'BlueGreen.RequestInvalid'],
  [new errors.PreconditionFailed(''), 'BlueGreen.PreconditionFailed'],
  [new errors.Busy(notYet('', null)), 'BlueGreen.Busy'],
  [new errors.Throttled(notYet('', null)), 'BlueGreen.Throttled'],
  [new errors.TestFailed(''), 'BlueGreen.TestFailed'],
  [new errors.ProvisioningFailed(''), 'BlueGreen.ProvisioningFailed'],
  [new errors.NearlyReady(''), 'BlueGreen.NearlyReady'],
  [new errors.NotReadyInTime(''), 'BlueGreen.NotReadyInTime'],
  [new errors.ApprovalDenied(''), 'BlueGreen.ApprovalDenied'],
  [new errors.OutcomeUnknown(''), 'BlueGreen.OutcomeUnknown'],
  [new errors.CleanupIncomplete(''), 'BlueGreen.CleanupIncomplete'],
  [new errors.UnexpectedState(''), 'BlueGreen.UnexpectedState'],
])('%o is caught as %s', (error, name) => {
  expect(error.name).toBe(name);
});

it('keeps the error that it was made of', () => {
  const cause = new Error('ECONNRESET');
  expect(new errors.Busy(notYet('RDS gave no answer', null), { cause }).cause).toBe(cause);
});

it('has four names that the machines raise, and no handler', () => {
  expect(errors.raisedElsewhere).toEqual({
    woken: 'BlueGreen.Woken',
    stopRequested: 'BlueGreen.StopRequested',
    pauseRequested: 'BlueGreen.PauseRequested',
    switchoverRolledBack: 'BlueGreen.SwitchoverRolledBack',
  });
});
