import { expect, it } from 'vitest';
import type { EndName } from '../../../functions/domain/model/ends.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';
import type { OutcomeFacts } from '../../../functions/domain/outcome/facts.ts';
import { describeWritable } from '../../../functions/domain/outcome/writable.ts';
import { blueSide, deployment, outcomeFacts } from '../sample.ts';

const clone = blueSide({ id: 'orders-back', resourceId: 'db-CLONE' });
const byRecord = {
  wayBack: { endpoint: { kind: 'route53', hostedZoneId: 'Z1', recordName: 'DB.example.com.' } },
};
const holds = { hooks: { stopWrites: { arn: 'x' } } };
const standing = (kind: 'held roles' | 'unread' | 'slot', hurts = true) => ({
  kind,
  what: 'x',
  on: 'new production orders',
  resourceId: 'db-GREEN',
  remove: { command: 'x' },
  safe: 'at any time',
  hurts,
});
const failed = (state: string) => ({ state, error: 'BlueGreen.Busy', cause: 'x' }) as OutcomeFacts['failure'];

const green: EndName = 'Green serves production';
const back: EndName = 'Went back: blue serves production';
const unknown: EndName = 'Outcome unknown: look before any retry';

function say(end: EndName, more: Partial<OutcomeFacts> = {}): string[] {
  const endState = { production: read(end === back ? 'db-ORDERS' : 'db-GREEN') };
  return describeWritable(outcomeFacts(end, { endState, ...more }));
}

it.each<[string, string[], RegExp[]]>([
  [
    'green serves',
    say(green),
    [/^orders is new production, the former green: db-GREEN, postgres 17.10, orders-green/],
  ],
  ['by a record', say(green, { request: byRecord }), [/^db.example.com leads to new production/]],
  ['blue serves', say(back), [/^orders is blue, the database from before the change: db-ORDERS/]],
  [
    'the clone serves',
    say(back, { deployment: deployment({ clone }), endState: { production: read('db-CLONE') } }),
    [/^orders is the clone of old blue .*: db-CLONE/],
  ],
  [
    'the name leads elsewhere',
    say(green, { endState: { production: read('db-ELSE') } }),
    [/^LOOK NOW\. .*green \(db-GREEN\) serving\. Just now orders led to db-ELSE$/],
  ],
  [
    'nothing has the name',
    say(green, { endState: { production: read(null) } }),
    [/^LOOK NOW\. .*Just now nothing had the name orders$/],
  ],
  [
    'the name could not be read',
    say(green, { endState: { production: unreadable('Throttling') } }),
    [/^orders is new production.*, as last proved\. It could not be read just now: Throttling$/],
  ],
  [
    'nothing is known of the databases, and green served before',
    say('Did not go back: green serves production', { deployment: {} }),
    [/^New production, as before/],
  ],
  [
    'nothing is known of the databases, and blue serves',
    say('Refused: nothing was changed', { deployment: {} }),
    [/^Blue, as before/],
  ],
  [
    'the side is not proved',
    say(unknown),
    [/^NOT PROVED\. Assume neither side\. Just now orders led to db-GREEN$/],
  ],
  [
    'an execution that did nothing, and stayed on new production',
    say('Did not go back: green serves production', { failure: failed('Read the run') }),
    [/^orders is new production/],
  ],
  [
    'an execution that did nothing',
    say('Going back refused: nothing was changed', { failure: failed('Read the run') }),
    [/^NOT READ\. This execution opened and closed nothing/],
  ],
  [
    'roles are held: that comes first',
    say(green, { standing: [standing('held roles'), standing('slot'), standing('held roles', false)] }),
    [/^WRITES ARE HELD on new production orders: x\. /, /^orders is new production/],
  ],
  [
    'nobody could ask whether writes are held',
    say(green, { standing: [standing('unread')] }),
    [/^NOT KNOWN whether writes are held on new production orders: x$/, /^orders is/],
  ],
  [
    'the hook that resumes writes failed',
    say(green, { request: holds, failure: failed('Resume writes') }),
    [/^orders is/, /^Your resumeWrites hook did not confirm: writes may still be held$/],
  ],
  [
    'it failed in the clean-up',
    say(green, { request: holds, failure: failed('Bake'), cleanupFailure: failed('Resume writes') }),
    [/^orders is/, /^Your resumeWrites hook did not confirm/],
  ],
  [
    'a run without such a hook says nothing of it',
    say(green, { failure: failed('Resume writes') }),
    [/^orders is/],
  ],
  ['a hook that has resumed', say(green, { request: holds, failure: failed('Bake') }), [/^orders is/]],
  [
    'a hook that was not called, since nobody knows the side',
    say(unknown, { request: holds }),
    [/^NOT PROVED/, /^Writes that your stopWrites hook holds were NOT resumed$/],
  ],
  [
    'writes that were released early, and nobody knows the side',
    say(unknown, { early: { at: 'orders.example:5432', slots: [] } }),
    [/^NOT PROVED/, /^Writes go on at orders\.example:5432: /],
  ],
  [
    'writes that were released early, and green serves',
    say(green, { early: { at: 'orders.example:5432', slots: [] } }),
    [/^orders is/],
  ],
  [
    'a request that was refused may be nothing',
    say('Refused: nothing was changed', { request: null, deployment: {} }),
    [/^Blue, as before/],
  ],
])('says where writes go: %s', (_what, said, expected) => {
  expect(said).toHaveLength(expected.length);
  for (const [index, pattern] of expected.entries()) expect(said[index]).toMatch(pattern);
});
