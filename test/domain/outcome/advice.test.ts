import { expect, it } from 'vitest';
import type { Forecast, PutBack } from '../../../functions/domain/close/put-back.ts';
import type { Deployment } from '../../../functions/domain/model/deployment.ts';
import { type EndName, ends } from '../../../functions/domain/model/ends.ts';
import { read } from '../../../functions/domain/model/reading.ts';
import { adviseNext } from '../../../functions/domain/outcome/advice.ts';
import { isRefusal, runOf } from '../../../functions/domain/outcome/advice-roll-back.ts';
import type { OutcomeFacts } from '../../../functions/domain/outcome/facts.ts';
import type { Leftover } from '../../../functions/domain/outcome/leftovers.ts';
import { blueSide, deployment, executionArn, outcomeFacts } from '../sample.ts';

const left = (what: Leftover['what'], id = 'x'): Leftover => ({ what, id, cost: 'x', read: true });
const failed = (state: string, error = 'BlueGreen.Busy') =>
  ({ failure: { state, error, cause: 'x' } }) as Pick<OutcomeFacts, 'failure'>;
const going = (run: string | null) => ({ going: { run, loss: null, accepted: null } });
const byRecord = {
  wayBack: { endpoint: { kind: 'route53', hostedZoneId: 'Z1', recordName: 'DB.example.com.' } },
};
const record = (status: string) => ({
  endState: { production: read('db-ORDERS'), record: read({ id: 'bgd-1', status }) },
});

const stopped: EndName = 'Stopped before switchover: blue serves production';
const rolledBack: EndName = 'Switchover rolled back: blue serves production';
const green: EndName = 'Green serves production';
const incomplete: EndName = 'Green serves production, clean-up incomplete';
const back: EndName = 'Went back: blue serves production';
const stayed: EndName = 'Did not go back: green serves production';
const refused: EndName = 'Going back refused: nothing was changed';
const unfinished: EndName = 'Going back incomplete: look before any retry';
const unknown: EndName = 'Outcome unknown: look before any retry';

function advise(end: EndName, more: Partial<OutcomeFacts> = {}, leftovers: Leftover[] = []): string {
  return adviseNext(outcomeFacts(end, more), leftovers).join('\n');
}

it.each(Object.keys(ends) as EndName[])(
  'every end advises something, and nothing by a placeholder: %s',
  (end) => {
    const said = advise(end, failed('Bake'));
    expect(said).toMatch(/\w+ \w+/);
    expect(said).not.toMatch(/undefined|null|\[object/);
  },
);

/** What a person does depends on what is left; the last column is what must not be said then. */
it.each<[string, string, RegExp, RegExp | undefined]>([
  ['a stopped run without a green', advise(stopped), /^Remove the cause/, /delete/],
  [
    'a stopped run that left something else',
    advise(stopped, {}, [left('blue')]),
    /^Remove the cause/,
    /delete/,
  ],
  [
    'a stopped run with a green and its record',
    advise(stopped, {}, [left('green'), left('deployment record', 'bgd-1')]),
    /^delete bgd-1 together with its green:\naws rds delete-blue-green-deployment .*bgd-1 --delete-target\nRemove the cause/,
    /by its resource id/,
  ],
  [
    'a stopped run with a green alone',
    advise(stopped, {}, [left('green')]),
    /^delete green by its resource id, when you are sure/,
    /aws rds/,
  ],
  [
    'old blue is kept',
    advise(green, {}, [left('old blue')]),
    /^Delete old blue, after a final snapshot/,
    undefined,
  ],
  [
    'old blue is gone',
    advise(green, {}, [left('final snapshot')]),
    /^Lead tasks and streams/,
    /Delete old blue/,
  ],
  [
    'an undecided bake',
    advise(incomplete, failed('Bake', 'BlueGreen.NotReadyInTime')),
    /^Judge new production yourself/,
    undefined,
  ],
  [
    'a bake that said no',
    advise(incomplete, failed('Bake', 'BlueGreen.TestFailed')),
    /^If production itself/,
    /Judge/,
  ],
  ['after going back', advise(back), /^Find out why new production failed/, /leads to|add readers/],
  [
    'after going back by a record',
    advise(back, { request: byRecord }),
    /^db\.example\.com leads to orders now\. RDS's own name orders is/,
    undefined,
  ],
  [
    'after going back by a record, of a run that knows no database',
    advise(back, { request: byRecord, deployment: {} }),
    /^Find out why/,
    /leads to/,
  ],
  [
    'after going back to a clone',
    advise(back, { deployment: deployment({ clone: blueSide({ resourceId: 'db-CLONE' }) }) }),
    /Production is db-CLONE now: add readers/,
    undefined,
  ],
  ['a rolled-back switchover whose green is gone', advise(rolledBack), /it builds a new green/, /adopt/],
  [
    'a green that can be taken up',
    advise(rolledBack, record('AVAILABLE'), [left('deployment record', 'bgd-1')]),
    /"adopt": "bgd-1"\nOr give up: delete bgd-1 together/,
    /cannot be taken up/,
  ],
  [
    'a green that cannot',
    advise(rolledBack, record('SWITCHOVER_FAILED'), [left('deployment record', 'bgd-1')]),
    /The deployment is SWITCHOVER_FAILED and cannot be taken up: delete bgd-1/,
    /adopt/,
  ],
  [
    'a green that holds rows of its own',
    advise(
      rolledBack,
      {
        ...record('AVAILABLE'),
        early: { at: 'x', slots: [{ database: 'shop', slot: 'viridian_shop' }], takenIn: { rows: null } },
      },
      [],
    ),
    /Keep green \(db-GREEN\) until.*\nWhich tables were written to, green says in database shop: SELECT .*'viridian_shop'/,
    /which takes this green up/,
  ],
  [
    'the same, and no slot keeps the log',
    advise(rolledBack, { deployment: {}, early: { at: 'x', slots: [], takenIn: { rows: { app: '3' } } } }),
    /Keep green \(not known\) until/,
    /Which tables/,
  ],
  [
    'nobody knows the side: what to compare first, and what not to do before',
    advise(unknown),
    /^Compare the resource id.*exactly one may take writes\n.*Start no other run, call no switchover, delete nothing/s,
    undefined,
  ],
  ['nobody knows the side', advise(unknown), /Blue is db-ORDERS, green is db-GREEN/, undefined],
  [
    'nobody knows the databases',
    advise(unknown, { deployment: {} }),
    /Blue is not known, green is not known/,
    undefined,
  ],
  ['green serves: its name is known', advise(green), /tasks and streams/, /Blue is/],
  [
    'going back that did nothing',
    advise(unfinished, failed('Read the run')),
    /Remove the cause.*"ARN of the run"/s,
    /Blue is/,
  ],
  [
    'going back that did nothing, of a run that was named',
    advise(unfinished, { ...failed('Read the run'), ...going(executionArn), request: byRecord }),
    /--start-record-name db\.example\.com .*describe-execution --execution-arn arn:aws:states:\S+:run-1\n.*The messages/s,
    /ARN of the run/,
  ],
  [
    'going back that began',
    advise(unfinished, failed('Swap the endpoint')),
    /^Find out which side takes writes/,
    /Remove the cause/,
  ],
  [
    'going back that began, by a record',
    advise(unfinished, { ...failed('Swap the endpoint'), request: byRecord }),
    /^See where the record leads:\naws route53 list-resource-record-sets --hosted-zone-id Z1 --start-record-name db\.example\.com /,
    undefined,
  ],
  [
    'refused, by a name that is no ARN',
    advise(refused, going('orders')),
    /The ARN of the run stands at the end/,
    /Look at the run/,
  ],
  [
    'stayed, after a refusal',
    advise(stayed, { ...failed('Read the run'), ...going(executionArn) }),
    /^Nothing is urgent.*for the run arn:aws:states:\S+:run-1/s,
    /To try again/,
  ],
  [
    'stayed, after a try',
    advise(stayed, { ...failed('Compare both sides'), ...going(null) }),
    /To try again: remove the cause that is named above, then start roll-back .* It is for the run, which waits/,
    /without the rows/,
  ],
  [
    'stayed, because somebody stopped it',
    advise(stayed, failed('Compare both sides', 'BlueGreen.StopRequested')),
    /To try again: start roll-back once more/,
    /remove the cause/,
  ],
])('%s', (_what, said, expected, never) => {
  expect(said).toMatch(expected);
  if (never) expect(said).not.toMatch(never);
});

const forecast: Forecast = {
  putBack: ['IAM role exports of orders', 'and 2 more'],
  byHand: [{ what: 'custom endpoint reports', because: 'it leads to orders-old1' }],
  comesAlong: ['RDS proxy pool'],
};
const promised = [
  'Give production the IAM role exports of orders: the run did not put it back',
  'and 2 more',
  'Give production the custom endpoint reports: it leads to orders-old1',
];
const nothingLacks: PutBack = { side: 'green', present: [], lacking: [] };
it.each<[what: string, end: EndName, known: Partial<Deployment>, told: string[]]>([
  ['new production serves, and the run did not put it back', incomplete, { forecast }, promised],
  ['the run came to its end without it', green, { forecast }, promised],
  ['going back stayed on new production', stayed, { forecast }, promised],
  ['the run has looked', green, { forecast, putBack: nothingLacks }, []],
  ['the run never looked ahead', incomplete, {}, []],
  ['blue serves', stopped, { forecast }, []],
  ['production went back', back, { forecast }, []],
  ['nobody knows the side', unknown, { forecast }, []],
])('what approvers were promised is left to a person where %s', (_what, end, known, told) => {
  const lines = advise(end, { deployment: deployment(known) }).split('\n');
  expect(lines.filter((line) => /^Give production|^and \d/.test(line))).toEqual(told);
});

it('puts what lets the application write again before everything else', () => {
  const held = {
    kind: 'held roles' as const,
    ...{ what: 'x', on: 'x', resourceId: 'x', remove: { command: 'x' }, safe: 'x', hurts: true },
  };
  expect(advise(green, { standing: [held] })).toMatch(/^First let the application write again/);
});

it.each<[string, Pick<OutcomeFacts, 'failure'>, boolean]>([
  ['by its input', failed('Read the run', 'BlueGreen.RequestInvalid'), true],
  ['by people', failed('Get the approval of every group', 'BlueGreen.ApprovalDenied'), true],
  ['by nobody who answered', failed('Get the approval of every group', 'BlueGreen.NotReadyInTime'), true],
  ['not: RDS was busy', failed('Read the run'), false],
  ['not: it had begun', failed('Swap the endpoint', 'BlueGreen.RequestInvalid'), false],
  ['not: it did not fail', { failure: null }, false],
])('an execution that goes back was refused: %s', (_what, facts, expected) => {
  expect(isRefusal(facts)).toBe(expected);
});

it.each([
  [executionArn, executionArn],
  ['run-1', undefined],
  [null, undefined],
])('the run that is undone: %s', (run, expected) => {
  expect(runOf(going(run))).toBe(expected);
});
