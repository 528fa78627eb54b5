import { isRead } from '../model/reading.ts';
import type { Precondition, PreconditionFacts, RuleFinding } from './facts.ts';
import { blocker, unknown, warning } from './finding.ts';

/** A question that nobody hears is found before green is built, and not days later. */
export const topicsHeard: Precondition = {
  id: 'topics-heard',
  engines: 'all',
  looksAt:
    'Whether the topics of announcements and approvals exist, whether a subscription hears the question of every group of `approval.groups`, and whether anybody hears the announcements.',
  check: ({ announcements, unheard }) => [
    ...(announcements ? judgeAnnouncements(announcements) : []),
    ...(unheard ? judgeQuestions(unheard) : []),
  ],
};

function judgeAnnouncements(announcements: NonNullable<PreconditionFacts['announcements']>): RuleFinding[] {
  if (!isRead(announcements))
    return [unknown(`the topic of the announcements could not be read (${announcements.unreadable}).`)];
  if (announcements.value === null)
    return [blocker('the topic of the announcements does not exist. Deploy the stack again.')];
  return announcements.value > 0
    ? []
    : [warning('nobody hears the announcements: the topic has no confirmed subscription. Confirm one.')];
}

function judgeQuestions(unheard: NonNullable<PreconditionFacts['unheard']>): RuleFinding[] {
  if (!isRead(unheard))
    return [unknown(`the topic of the approvals could not be read (${unheard.unreadable}).`)];
  return unheard.value === null
    ? [blocker('the topic of the approvals does not exist. Deploy the stack again.')]
    : unheard.value.map((because) => blocker(`${because}.`));
}
