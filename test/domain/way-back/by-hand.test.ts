import { expect, it } from 'vitest';
import * as byHand from '../../../functions/domain/way-back/by-hand.ts';
import { keepLogAsBefore } from '../../../functions/domain/way-back/mysql/by-hand.ts';

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

it.each([
  [24, "CALL mysql.rds_set_configuration('binlog retention hours', 24);"],
  [null, "CALL mysql.rds_set_configuration('binlog retention hours', NULL);"],
])('the binary log is kept for %s hours again, as it was before', (hours, statement) => {
  expect(keepLogAsBefore(hours)).toBe(statement);
});
