import type { Database } from '../model/deployment.ts';
import { oneLine } from '../model/text.ts';
import { isConfirmed } from './confirmation.ts';
import type { Answer } from './decision.ts';
import { isSamePerson } from './person.ts';

/** What a person typed, or what IAM and the command said. */
export interface Form {
  answer: Answer | 'stop';
  /** The name that the message asks to type; `undefined` where IAM vouches for the caller. */
  database?: string;
  by: string;
  reason: string;
}

/** What is wrong with a form, by field, in words for the person who typed it. */
export type Problems = Partial<Record<'answer' | 'database' | 'by' | 'reason', string>>;

export const longestName = 100;
export const longestReason = 500;

/** Checks a form against the database and the requester. No problem is no field. */
export function checkForm(form: Form, database: Database, requestedBy: string | undefined): Problems {
  const by = oneLine(form.by);
  const reason = oneLine(form.reason);
  const problems: Problems = {};
  if (form.database !== undefined && !isConfirmed(form.database, database))
    problems.database =
      'This is not what the message asks you to type. Look there, at "The page asks for this".';
  if (form.database !== undefined && (!/\p{L}\S*.*\p{L}/u.test(by) || by.length > longestName))
    problems.by = `Give your name, at most ${longestName} characters: it goes to the record.`;
  else if (form.answer !== 'stop' && isSamePerson(by, requestedBy))
    problems.by = 'This name asked for the change. Somebody else has to decide.';
  if (form.answer !== 'approve' && reason.length < 3)
    problems.reason = 'Say why in a few words: they go to the record.';
  else if (reason.length > longestReason)
    problems.reason = `The reason is too long: at most ${longestReason} characters.`;
  return problems;
}
