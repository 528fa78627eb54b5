import { type Reading, read, unreadable } from '../../domain/model/reading.ts';
import {
  applies,
  type SqlCheck,
  type SqlFound,
  type UpgradePlan,
} from '../../domain/preconditions/by-sql/check.ts';
import { checksOfMysql } from '../../domain/preconditions/by-sql/of-mysql.ts';
import type { Answer, Input } from '../contract.ts';
import { describeFailure } from './failure.ts';
import { type Session, withSession } from './session.ts';

/** Asks a server what stands in the way of a plan: one query a check. A query that fails makes its own check unreadable. Changes nothing. */
export function preconditions(input: Input<'preconditions'>): Promise<Answer<'preconditions'>> {
  const { plan, told } = input;
  return withSession(input, async (session) => {
    const look: Answer<'preconditions'> = {};
    for (const check of checksOfMysql)
      if (applies(check, plan)) look[check.id] = await askOne(session, check, plan, told);
    return look;
  });
}

/** Schemas are no databases of their own: every check is asked once in the server. */
async function askOne(
  session: Session,
  { query }: SqlCheck,
  plan: UpgradePlan,
  told: number,
): Promise<Reading<SqlFound>> {
  try {
    const rows = await session.query<Record<string, unknown>>(
      typeof query === 'string' ? query : query(plan),
    );
    const names = rows.map((row) => String(Object.values(row)[0])).sort();
    return read({ count: names.length, names: names.slice(0, told) });
  } catch (error) {
    return unreadable(describeFailure(error).because);
  }
}
