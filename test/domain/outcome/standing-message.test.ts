import { expect, it } from 'vitest';
import type { Standing } from '../../../functions/domain/outcome/standing-facts.ts';
import {
  composeStandingMessage,
  type StandingMessage,
} from '../../../functions/domain/outcome/standing-message.ts';
import { executionArn, hour, saturday } from '../sample.ts';

const slot: Standing = {
  kind: 'slot',
  what: 'the slot viridian_shop keeps the log',
  on: 'new production orders (db-GREEN)',
  resourceId: 'db-GREEN',
  remove: {
    sql: "SELECT viridian.drop_slot('viridian_shop');",
    as: 'the master user',
    database: 'shop',
    address: '',
  },
  safe: 'once nobody is to go back',
  hurts: true,
};
const held: Standing = { ...slot, kind: 'held roles', what: 'the roles app are held' };
const compose = (standing: Standing[], more: Partial<StandingMessage> = {}) =>
  composeStandingMessage({
    database: 'orders',
    executionArn,
    endedAt: saturday,
    standing,
    at: saturday,
    timeZone: 'Europe/Berlin',
    runbook: 'https://runbook.example',
    ...more,
  });

it.each([
  ['a slot fills a disk: somebody acts', [slot], '[ACT] Still there on orders: slot'],
  ['held roles keep an application out: somebody comes', [held], '[PAGE] Still there on orders: held roles'],
  [
    'a log that is kept fills a disk, too',
    [{ ...slot, kind: 'kept log' as const }],
    '[ACT] Still there on orders: kept log',
  ],
  ['both', [slot, held, slot], '[PAGE] Still there on orders: slot, held roles'],
])('%s', (_what, standing, subject) => {
  expect(compose(standing).subject).toBe(subject);
});

it('has what removes each thing on a line of its own, and the command that names all', () => {
  const { text, json } = compose([slot]);
  expect(text.split('\n')).toContain("    SELECT viridian.drop_slot('viridian_shop');");
  expect(text.split('\n')).toContain('    npm run what-stands -- --database orders');
  expect(text.replace(/\s+/g, ' ')).toContain(
    'in database shop at its address; safe once nobody is to go back',
  );
  expect(json).toMatchObject({
    executionArn,
    commands: ["SELECT viridian.drop_slot('viridian_shop');", 'npm run what-stands -- --database orders'],
  });
});

it('has a paragraph after another, and its links at the end', () => {
  const { text, json } = compose([held, slot]);
  const lines = text.split('\n');
  const blank = lines.flatMap((line, at) => (line === '' ? [lines[at + 1] ?? 'the end'] : []));
  expect(blank).toEqual([
    expect.stringMatching(/^On new production orders \(db-GREEN\): the roles app are held/),
    expect.stringMatching(/^On new production orders \(db-GREEN\): the slot viridian_shop/),
    'Everything of ours on this database, with what removes it:',
    `Run      ${executionArn}`,
    'the end',
  ]);
  expect(json.links).toMatchObject({
    runbook: ['https://runbook.example#what-of-ours-stands-on-a-database'],
  });
});

it.each([
  ['has ended', {}, /the run below ended at 2026-11-21 08:00 UTC \(Sat 09:00 Europe\/Berlin\)/],
  ['is open', { endedAt: undefined }, /the run below is open/],
])('says how the run stands that left it: it %s', (_what, more, expected) => {
  expect(compose([slot], more).text.replace(/\s+/g, ' ')).toMatch(expected);
});

it('is one message an hour', () => {
  const idAt = (at: number) => compose([slot], { at }).attributes.id;
  expect(idAt(saturday + hour - 1)).toBe(idAt(saturday));
  expect(idAt(saturday + hour)).not.toBe(idAt(saturday));
  expect(compose([slot]).attributes).toMatchObject({ kind: 'standing', severity: 'ACT', database: 'orders' });
});
