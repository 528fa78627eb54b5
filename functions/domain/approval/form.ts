import { isSteering, type Steering } from '../hold/steering.ts';
import { isSameText, oneLine } from '../model/text.ts';
import type { Answer } from './decision.ts';
import { isSamePerson } from './person.ts';

/** What a person typed, or what IAM and the command said. */
export interface Form {
  answer: Answer | Steering;
  by: string;
  /** IAM vouches for the caller, who typed no name. */
  known: boolean;
  reason: string;
  /** What was typed as the loss that is accepted. */
  statement?: string | undefined;
}

/** What is wrong with a form, by field, in words for the person who typed it. */
export type Problems = Partial<Record<'answer' | 'phrase' | 'by' | 'reason' | 'statement', string>>;

export const longestName = 100;
export const longestReason = 500;

/** Whom a decider must not be. */
export interface Excluded {
  requestedBy: string | undefined;
  /** Who has decided for another group, where one person may decide for one group only. */
  deciders: { by: string; group: string }[];
}

/**
 * Checks a form, apart from its phrase, against those who must not decide. No problem is no field.
 * @param statement the loss that a yes accepts; null: none is lost
 */
export function checkForm(
  form: Form,
  { requestedBy, deciders }: Excluded,
  statement: string | null = null,
): Problems {
  const by = oneLine(form.by);
  const reason = oneLine(form.reason);
  const problems: Problems = {};
  const decided = deciders.find((other) => isSamePerson(by, other.by));
  if (!form.known && ((by.match(/\p{L}/gu) ?? []).length < 2 || by.length > longestName))
    problems.by = `Give your name, at most ${longestName} characters: it goes to the record.`;
  else if (!isSteering(form.answer) && isSamePerson(by, requestedBy))
    problems.by = 'This name asked for the change. Somebody else has to decide.';
  else if (form.answer === 'approve' && decided)
    problems.by = `This person has decided for group ${decided.group}. Somebody else has to approve for this group.`;
  if (form.answer === 'approve' && statement !== null && !isSameText(form.statement ?? '', statement))
    problems.statement = 'Type the loss exactly as it stands above: only what was typed is accepted.';
  if (form.answer !== 'approve' && reason.length < 3)
    problems.reason = 'Say why in a few words: they go to the record.';
  else if (reason.length > longestReason)
    problems.reason = `The reason is too long: at most ${longestReason} characters.`;
  return problems;
}
