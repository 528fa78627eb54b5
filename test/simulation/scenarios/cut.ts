import {
  crashes,
  databases,
  failsAfterwards,
  hook,
  lambdaRefuses,
  later,
  losesAnswer,
  nothingIsWarmed,
  onceCalled,
  onTheWire,
  pass,
  rdsPlays,
  rdsUnreachable,
  refuses,
  silent,
  stopRequested,
  when,
  wireHeals,
} from '../faults.ts';
import { hookArn, minute } from '../stage.ts';
import { ends, errors, incompleteBy, type Scenario, stoppedBy } from './scenario.ts';

const switchover = 'SwitchoverBlueGreenDeployment';
const notReady = 'InvalidBlueGreenDeploymentStateFault';
const rolledBack = { end: ends.rolledBack, error: errors.rolledBack };
const held = { hooks: { stopWrites: { arn: hookArn('held') }, resumeWrites: { arn: hookArn('held') } } };
const holding = hook('held', () => pass);

/** From Start switchover to the proof of which side serves. */
export const cut: Scenario[] = [
  { what: 'no function can be warmed', troubles: [nothingIsWarmed], end: ends.green },
  ...['Throttling', notReady, 'AccessDenied'].flatMap((error): Scenario[] => [
    {
      what: `the switchover is refused once with ${error}`,
      troubles: [refuses(switchover, error, 1)],
      end: ends.green,
    },
    {
      what: `the switchover is refused twice with ${error}`,
      troubles: [refuses(switchover, error, 2)],
      end: ends.green,
      passes: ['Pause before another final check'],
    },
    {
      what: `the switchover is refused for good with ${error}`,
      troubles: [refuses(switchover, error)],
      ...stoppedBy(error === 'Throttling' ? errors.throttled : errors.busy),
    },
  ]),
  {
    what: 'RDS has no room for the switchover ten times, which is no reason to remove green',
    troubles: [refuses(switchover, 'Throttling', 10)],
    end: ends.green,
  },
  {
    what: 'the switchover is refused for good while writes are held',
    ask: held,
    troubles: [holding, refuses(switchover, notReady)],
    ...stoppedBy(errors.busy),
    passes: ['Resume writes'],
  },
  {
    what: 'the switchover is refused, and nothing can be read for a minute',
    troubles: [
      onceCalled(switchover, onTheWire(/^Describe/, { before: { drop: true } })),
      refuses(switchover, 'Throttling', 1),
      when('Wait for switchover', later(minute, wireHeals)),
    ],
    ...rolledBack,
  },
  {
    what: 'the answer of the switchover is lost, and it was accepted',
    everywhere: true,
    troubles: [losesAnswer(switchover, 'done')],
    end: ends.green,
  },
  {
    what: 'the answer of the switchover is lost, and it was not accepted',
    troubles: [losesAnswer(switchover, 'not done')],
    ...rolledBack,
  },
  {
    what: 'a fault inside AWS answers the switchover, and it was accepted',
    troubles: [onTheWire(switchover, { after: { delayMs: 15_000 } })],
    end: ends.green,
  },
  {
    what: 'the function is not run, which nobody can know',
    troubles: [lambdaRefuses('startSwitchover', 'Lambda.TooManyRequestsException')],
    ...rolledBack,
  },
  {
    what: 'the function crashes after the switchover was accepted',
    troubles: [failsAfterwards('startSwitchover', errors.crash)],
    end: ends.green,
  },
  {
    what: 'a guardrail refuses the switchover',
    everywhere: true,
    troubles: [rdsPlays({ moment: 'guardrails', effect: { refuse: 'a transaction is open for 3 hours' } })],
    ...rolledBack,
  },
  {
    what: 'a guardrail refuses the switchover while writes are held',
    ask: held,
    troubles: [holding, rdsPlays({ moment: 'guardrails', effect: { refuse: 'DDL is running' } })],
    ...rolledBack,
    passes: ['Resume writes'],
  },
  {
    what: 'the databases themselves refuse the switchover',
    troubles: [databases({ guardrails: ['replication is degraded'] })],
    ...rolledBack,
  },
  {
    what: 'a refused switchover is left as SWITCHOVER_FAILED',
    troubles: [rdsPlays({ moment: 'guardrails', effect: { refuse: 'no', leaves: 'SWITCHOVER_FAILED' } })],
    ...rolledBack,
  },
  {
    what: 'a refused switchover is left as INVALID_CONFIGURATION',
    troubles: [rdsPlays({ moment: 'guardrails', effect: { refuse: 'no', leaves: 'INVALID_CONFIGURATION' } })],
    ...rolledBack,
  },
  {
    what: 'a refused switchover is left in a status that nobody knows',
    troubles: [rdsPlays({ moment: 'guardrails', effect: { refuse: 'no', leaves: 'POLISHING' } })],
    end: ends.unknown,
    error: errors.unknown,
    serves: 'blue',
  },
  {
    what: 'green does not catch up within the timeout',
    ask: { switchover: { timeoutSeconds: 60 } },
    troubles: [rdsPlays({ moment: 'cut', effect: { timesOut: true } })],
    ...rolledBack,
  },
  {
    what: 'the timeout leaves SWITCHOVER_FAILED',
    everywhere: true,
    ask: { switchover: { timeoutSeconds: 60 } },
    troubles: [rdsPlays({ moment: 'cut', effect: { timesOut: true, leaves: 'SWITCHOVER_FAILED' } })],
    ...rolledBack,
  },
  {
    what: 'the databases need longer than the timeout',
    ask: { switchover: { timeoutSeconds: 60 } },
    troubles: [databases({ cutMs: 10 * minute })],
    ...rolledBack,
  },
  {
    what: 'the databases need nearly the whole timeout',
    troubles: [databases({ cutMs: 4 * minute })],
    end: ends.green,
  },
  {
    what: 'a member keeps its old names',
    everywhere: true,
    troubles: [rdsPlays({ moment: 'completion', effect: { memberFails: 1 } })],
    end: ends.unknown,
    error: errors.unknown,
    serves: 'green',
    only: ({ name }) => /replica|reader/.test(name),
  },
  {
    what: 'RDS cannot be reached any more after the accepted switchover',
    troubles: [when('Wait for switchover', rdsUnreachable)],
    end: ends.unknown,
    error: errors.unknown,
    serves: 'green',
  },
  {
    what: 'RDS cannot be reached any more after the accepted switchover, while writes are held',
    ask: held,
    troubles: [holding, when('Wait for switchover', rdsUnreachable)],
    end: ends.unknown,
    error: errors.unknown,
    serves: 'green',
  },
  {
    what: 'RDS cannot be reached for ten minutes after the accepted switchover',
    everywhere: true,
    troubles: [
      when('Wait for switchover', rdsUnreachable),
      when('Wait for switchover', later(10 * minute, wireHeals)),
    ],
    end: ends.green,
  },
  {
    what: 'no look at the switchover is ever heard',
    ask: { switchover: { timeoutSeconds: 60 } },
    troubles: [silent('waitForSwitchover')],
    end: ends.green,
  },
  {
    what: 'every look at the switchover crashes',
    troubles: [crashes('waitForSwitchover')],
    end: ends.green,
  },
  {
    what: 'a person asks to stop in the middle of the switchover',
    troubles: [when('Wait for switchover', stopRequested)],
    end: ends.green,
  },
  {
    what: 'the serving side cannot be looked for',
    troubles: [crashes('findProductionSide')],
    end: ends.unknown,
    error: errors.crash,
    serves: 'green',
  },
  {
    what: 'a rolled back switchover whose writes cannot resume',
    ask: { hooks: { stopWrites: { arn: hookArn('held') }, resumeWrites: { arn: hookArn('broken') } } },
    troubles: [
      holding,
      hook('broken', () => {
        throw new Error('the hook is broken');
      }),
      rdsPlays({ moment: 'guardrails', effect: { refuse: 'DDL is running' } }),
    ],
    ...rolledBack,
  },
  {
    what: 'writes cannot resume after a cut that succeeded',
    ask: { hooks: { stopWrites: { arn: hookArn('held') }, resumeWrites: { arn: hookArn('broken') } } },
    troubles: [
      holding,
      hook('broken', () => {
        throw new Error('the hook is broken');
      }),
    ],
    ...incompleteBy('Error'),
  },
];
