import type { RunFacts } from './facts.ts';
import { isOpen } from './standing.ts';

/** What became of the question to a group. */
export interface GroupAnswer {
  group: string;
  /** In words. */
  answer: string;
  /** Who decided and how that is known; null where nobody has. */
  by: string | null;
  /** ISO time of the decision. */
  at: string | null;
  reason: string | null;
}

const identities = { attested: 'name as typed, not verified', authenticated: 'verified by IAM' };

/** The groups of the request, each with its newest answer. An execution that goes back asks the groups of its run. */
export function readApprovals(facts: RunFacts): GroupAnswer[] | 'not required' {
  const { required, groups } = (facts.request.approval ?? {}) as { required?: unknown; groups?: unknown };
  if (required === false) return 'not required';
  const asked = facts.waits.flatMap(({ group }) => group ?? []);
  const named = (Array.isArray(groups) ? groups : []).flatMap((one: { name?: unknown } | null) =>
    typeof one?.name === 'string' ? [one.name] : [],
  );
  const decided = facts.decisions.map(({ group }) => group);
  return [...new Set([...named, ...asked, ...decided])].map((group) => answerOf(facts, group, asked));
}

function answerOf(facts: RunFacts, group: string, asked: string[]): GroupAnswer {
  const decision = facts.decisions.findLast((one) => one.group === group);
  if (asked.includes(group))
    return { group, answer: 'asked, no answer yet', by: null, at: null, reason: null };
  if (!decision) {
    const answer = isOpen(facts) ? 'not asked yet' : 'no answer';
    return { group, answer, by: null, at: null, reason: null };
  }
  const { by, identified, at, reason } = decision;
  const answer = decision.decision === 'approve' ? 'approved' : 'rejected';
  return { group, answer, by: `${by} (${identities[identified]})`, at, reason };
}
