import { firstNames } from '../../domain/model/first-names.ts';
import { Refused } from '../refused.ts';
import { type LogEvent, readEvents } from './log.ts';
import { ownSchema } from './names.ts';
import type { Session } from './session.ts';

/** Schemas whose rows may change behind a fence: ours, and the service's, whose own heartbeat goes on. */
const expected = [ownSchema, 'mysql'];

/**
 * Rejects when anybody but us and the service has changed something since the last client had gone: such a row stands nowhere else. The
 * log itself is read from there on.
 * @param since what was noted then; empty where no fence of ours stands
 */
export async function requireUndisturbed(session: Session, since: string): Promise<void> {
  if (since === '') return;
  const disturbed = new Set<string>();
  await readEvents(session, since, (event) => {
    const what = event.serverId === session.serverId ? whatDisturbs(event) : undefined;
    if (what !== undefined) disturbed.add(what);
    return disturbed.size < 20;
  });
  if (disturbed.size > 0)
    throw new Refused(
      'application-write',
      `the server was written to behind its fence: ${firstNames([...disturbed]).join(', ')}. Those rows stand on no other server`,
    );
}

/** The table that an event changes, or that it is a statement; no text of a statement, which may hold values. */
function whatDisturbs({ kind, info }: LogEvent): string | undefined {
  if (kind === 'Table_map') {
    const table = /\(([^()]+)\)/.exec(info)?.[1] ?? 'a table';
    return expected.includes(table.split('.')[0] ?? '') ? undefined : table;
  }
  if (kind !== 'Query') return undefined;
  const harmless =
    /^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|# Dum|use `(mysql|viridian)`|(use `[^`]*`; )?(ALTER USER|FLUSH|SET PASSWORD)\b)/i;
  return harmless.test(info) || /\bmysql\.rds_/.test(info) ? undefined : 'a statement';
}
