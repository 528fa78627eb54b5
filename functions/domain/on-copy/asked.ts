import { z } from 'zod';
import { findForeign } from '../request/foreign-arns.ts';
import { hookArn } from '../request/hook-arn.ts';

/** `rehearseOnCopy` of the input of a rehearsal. A run does not know it. */
export const rehearseOnCopySchema = z
  .strictObject({
    load: z
      .strictObject({
        arn: z
          .string()
          .regex(hookArn, 'give the ARN of a Lambda function whose name begins with viridian-hook-')
          .describe('ARN of your function; its name begins with viridian-hook-.'),
      })
      .optional()
      .describe(
        'A function of yours that puts load on the copy (startLoad) and stops it (stopLoad). Left out: none.',
      ),
  })
  .describe('What is asked of the rehearsal; an empty object asks for nothing besides.');

export type RehearseOnCopy = z.infer<typeof rehearseOnCopySchema>;

/**
 * What is asked of a rehearsal beside the request of the run, or every problem as "field: problem".
 * @param executionArn of the rehearsal, whose account and Region a hook must be in
 */
export function readRehearseOnCopy(
  given: unknown,
  executionArn: string,
): { asked: RehearseOnCopy; problems: string[] } {
  const { success, data, error } = rehearseOnCopySchema.safeParse(given);
  if (!success)
    return {
      asked: {},
      problems: error.issues.map(
        ({ path, message }) => `${['rehearseOnCopy', ...path].join('.')}: ${message}`,
      ),
    };
  return {
    asked: data,
    problems: findForeign([['rehearseOnCopy.load.arn', data.load?.arn ?? '']], executionArn),
  };
}
