import { RequestInvalid } from '../../domain/model/errors.ts';
import { describeProblems } from '../../domain/request/problems.ts';
import { type Request, requestSchema } from '../../domain/request/request.ts';
import { type TaskEvent, task } from '../../tasks/task.ts';

interface Event extends TaskEvent {
  /** The input of the execution, as it was given. */
  input: unknown;
}

/** Reads the request once; the tasks that follow take it as it is. All problems are reported together. */
export const handler = task('Validate request', async ({ input }: Event): Promise<Request> => {
  const parsed = requestSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = describeProblems(parsed.error.issues, input);
  throw new RequestInvalid(`${problems.join('\n')}\n(docs/request.schema.json says what is allowed)`);
});
