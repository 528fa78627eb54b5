import { answersLater, hook, lambdaRefuses, pass, type Trouble } from '../faults.ts';
import { hookArn } from '../stage.ts';
import { ends, errors, incompleteBy, type Scenario, stoppedBy } from './scenario.ts';

const fail = { verdict: 'fail', because: 'the test says no' };

/** How a hook that gates says no: in its answer, by nonsense, by throwing, by silence. */
interface Gate {
  field: string;
  /** What the request needs beside it. */
  beside: object;
  no: Pick<Scenario, 'end' | 'error'>;
  by: (error: string) => Pick<Scenario, 'end' | 'error'>;
}

const gates: Gate[] = [
  { field: 'changeGreen', beside: {}, no: stoppedBy(errors.test), by: stoppedBy },
  { field: 'testGreen', beside: {}, no: stoppedBy(errors.test), by: stoppedBy },
  {
    field: 'stopWrites',
    beside: { resumeWrites: { arn: hookArn('good') } },
    no: stoppedBy(errors.test),
    by: stoppedBy,
  },
  { field: 'verifyProduction', beside: {}, no: incompleteBy(errors.test), by: incompleteBy },
];

const good: Trouble = hook('good', () => pass);
const crash: Trouble = hook('tried', () => {
  throw new Error('the hook is broken');
});

function rows({ field, beside, no, by }: Gate): Scenario[] {
  const plain = { hooks: { ...beside, [field]: { arn: hookArn('tried') } } };
  const callback = {
    hooks: { ...beside, [field]: { arn: hookArn('tried'), callback: true, withinMinutes: 5 } },
  };
  return [
    { what: `${field} passes`, ask: plain, troubles: [good, hook('tried', () => pass)], end: ends.green },
    { what: `${field} says no`, ask: plain, troubles: [good, hook('tried', () => fail)], ...no },
    { what: `${field} answers nonsense`, ask: plain, troubles: [good, hook('tried', () => 'fine')], ...no },
    {
      what: `${field} says no with a reason that no state could take on`,
      ask: plain,
      troubles: [good, hook('tried', () => ({ verdict: 'fail', because: 'x'.repeat(258_000) }))],
      // The answer itself is of the user, and stands in the history as it is.
      breaks: ['I19'],
      ...no,
    },
    {
      what: `${field} passes with facts that no state could take on`,
      ask: plain,
      troubles: [good, hook('tried', () => ({ ...pass, facts: { rows: 'x'.repeat(258_000) } }))],
      breaks: ['I19'],
      end: ends.green,
    },
    { what: `${field} answers nothing`, ask: plain, troubles: [good, hook('tried', () => undefined)], ...no },
    { what: `${field} throws`, ask: plain, troubles: [good, crash], ...by('Error') },
    {
      what: `${field} does not exist`,
      ask: plain,
      troubles: [good],
      end: ends.refused,
      error: errors.precondition,
    },
    {
      what: `${field} is throttled at first`,
      ask: plain,
      troubles: [
        good,
        hook('tried', () => pass),
        lambdaRefuses('viridian-hook-tried', 'Lambda.TooManyRequestsException', 2),
      ],
      end: ends.green,
    },
    {
      what: `${field} passes later`,
      ask: callback,
      troubles: [good, answersLater('tried', pass)],
      end: ends.green,
    },
    { what: `${field} says no later`, ask: callback, troubles: [good, answersLater('tried', fail)], ...no },
    {
      what: `${field} never answers`,
      ask: callback,
      troubles: [good, hook('tried', () => pass)],
      ...by(errors.unexpected),
    },
    {
      what: `${field} throws instead of answering later`,
      ask: callback,
      troubles: [good, crash],
      ...by('Error'),
    },
  ];
}

const resume = (resumeWrites: object) => ({
  hooks: { stopWrites: { arn: hookArn('good') }, resumeWrites: { arn: hookArn('tried'), ...resumeWrites } },
});
const later = { callback: true, withinMinutes: 5 };

/** A hook that cannot resume writes is a failure of the run, and it undoes nothing. */
const resuming: Scenario[] = [
  {
    what: 'resumeWrites says no',
    ask: resume({}),
    troubles: [good, hook('tried', () => fail)],
    ...incompleteBy(errors.test),
  },
  { what: 'resumeWrites throws', ask: resume({}), troubles: [good, crash], ...incompleteBy('Error') },
  {
    what: 'resumeWrites passes later',
    ask: resume(later),
    troubles: [good, answersLater('tried', pass)],
    end: ends.green,
  },
  {
    what: 'resumeWrites says no later',
    ask: resume(later),
    troubles: [good, answersLater('tried', fail)],
    ...incompleteBy(errors.test),
  },
  {
    what: 'resumeWrites never answers',
    ask: resume(later),
    troubles: [good, hook('tried', () => pass)],
    ...incompleteBy(errors.unexpected),
  },
];

/** Functions of the user: what each answer does. */
export const hooks: Scenario[] = [...gates.flatMap(rows), ...resuming];
