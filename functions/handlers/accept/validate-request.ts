import { RequestInvalid } from '../../domain/model/errors.ts';
import { firstNames } from '../../domain/model/first-names.ts';
import { type RehearseOnCopy, readRehearseOnCopy } from '../../domain/on-copy/asked.ts';
import { findForeignArns } from '../../domain/request/foreign-arns.ts';
import { findSizeProblem } from '../../domain/request/input-size.ts';
import { describeProblems } from '../../domain/request/problems.ts';
import { type Request, requestSchema } from '../../domain/request/request.ts';
import { env } from '../../runtime/env.ts';
import { type TaskEvent, task } from '../../tasks/task.ts';

interface Event extends TaskEvent {
  /** The input of the execution, as it was given. */
  input: unknown;
  /** Of the whole input, as JSON, and its longest field; one that is too long is not given itself. */
  characters?: number;
  longest?: string | null;
  /** Of a rehearsal: what is asked of it beside the request of the run. */
  rehearseOnCopy?: unknown;
}

/** `$schema` is for editors. */
const withoutSchema = ({ $schema: _, ...request }: Request): Request => request;

/** More problems than anybody mends at once would not fit into an error. */
const problemsTold = 40;

/** Reads the request once; the tasks that follow take it as it is. Everything that is wrong is said together. */
export const handler = task(
  'Validate request',
  async (event: Event): Promise<Request & { rehearseOnCopy?: RehearseOnCopy }> => {
    const { executionArn, input, characters = 0, longest = null } = event;
    const tooLong = findSizeProblem(input, characters, longest);
    if (tooLong) throw new RequestInvalid(tooLong);
    const parsed = requestSchema.safeParse(input);
    const { asked, problems: ofRehearsal } = readRehearseOnCopy(event.rehearseOnCopy ?? {}, executionArn);
    const ofRequest = parsed.success
      ? findForeignArns(parsed.data, executionArn)
      : describeProblems(parsed.error.issues, input);
    const problems = [...ofRequest, ...ofRehearsal];
    if (parsed.success && problems.length === 0)
      return {
        ...requireApproval(withoutSchema(parsed.data)),
        ...(asked.load && { rehearseOnCopy: asked }),
      };
    throw new RequestInvalid(
      `${firstNames(problems, problemsTold).join('\n')}\n(docs/request.schema.json says what is allowed)`,
    );
  },
);

/**
 * Who starts runs need not be who may do without an approval: that is for whoever deploys the stack. A run that says to be on a copy has to
 * prove it to the next task and to the final check.
 */
function requireApproval(request: Request): Request {
  if (request.approval.required || request.copy || env('UNAPPROVED_RUNS') === 'allowed') return request;
  throw new RequestInvalid(
    'approval.required: this stack lets no run switch over without an approval. Leave it out, or deploy the stack with --param="unapprovedRuns=allowed".',
  );
}
