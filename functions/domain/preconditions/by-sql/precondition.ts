import { isRead, type Reading } from '../../model/reading.ts';
import type { Precondition } from '../facts.ts';
import { blocker, unknown, warning } from '../finding.ts';
import { applies, planOf, type SqlCheck, type SqlFound } from './check.ts';

/** Characters of a finding that names take: a refusal with all findings has to fit into an error. */
const namesFit = 400;

/** A check as a precondition. Where nothing was asked it is silent: `sql-access` names the checks that were not made. */
export function bySql(check: SqlCheck): Precondition {
  return {
    id: check.id,
    engines: check.engines,
    looksAt: check.looksAt,
    how: `SQL, ${check.of === 'server' ? 'once in the server' : 'in every database'}`,
    source: check.source,
    check: (facts) => {
      const plan = planOf(facts);
      const { sql } = facts;
      if (!applies(check, plan) || !('value' in sql)) return [];
      return judge(check, check.severity(plan) as 'blocker' | 'warning', sql.value[check.id]);
    },
  };
}

function judge(check: SqlCheck, severity: 'blocker' | 'warning', found: Reading<SqlFound> | undefined) {
  if (!found || !isRead(found)) {
    const message = `${check.seen}: not known, since the query failed (${found?.unreadable ?? 'it was not asked'}). Give the user of wayBack.login the right to read it, then start again.`;
    // What would not refuse does not refuse where it is unknown.
    return [severity === 'blocker' ? unknown(message) : warning(message)];
  }
  const { count, names } = found.value;
  if (count === 0) return [];
  const message = `${check.seen} (${count}): ${nameFirst(names, count)}. ${check.means} ${check.mend}`;
  return [severity === 'blocker' ? blocker(message) : warning(message)];
}

/** As many names as fit, one at least, and how many others there are. */
function nameFirst(names: string[], count: number): string {
  const told: string[] = [];
  for (const name of names) {
    if (told.length > 0 && [...told, name].join(', ').length > namesFit) break;
    told.push(name.length > namesFit ? `${name.slice(0, namesFit)}...` : name);
  }
  const left = count - told.length;
  return `${told.join(', ')}${left > 0 ? `, and ${left} more` : ''}`;
}
