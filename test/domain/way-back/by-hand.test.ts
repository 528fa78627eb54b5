import { expect, it } from 'vitest';
import * as byHand from '../../../functions/domain/way-back/by-hand.ts';

/** Each is typed as it stands, by the master user: test/sql executes them on real servers. */
it.each([
  ['one role is let go', byHand.letRolesGo(['shop']), "SELECT viridian.hold_role('shop', false);"],
  [
    'a role whose name has a quotation mark is let go',
    byHand.letRolesGo(["o'neill"]),
    "SELECT viridian.hold_role('o''neill', false);",
  ],
  [
    'several roles are let go by one statement',
    byHand.letRolesGo(['shop', "o'neill"]),
    "SELECT viridian.hold_role(role, false) FROM unnest(ARRAY['shop', 'o''neill']::name[]) AS role;",
  ],
  ['a slot is dropped', byHand.dropSlot("it's"), "SELECT viridian.drop_slot('it''s');"],
])('%s', (_, statement, expected) => {
  expect(statement).toBe(expected);
});

it('names that the setup file has, too', () => {
  expect([byHand.probeRole, byHand.homeDatabase]).toEqual(['viridian_probe', 'postgres']);
});
