import { z } from 'zod';
import type { EvidenceRecord } from '../../functions/domain/evidence/record.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const moment = z.iso.datetime();
const text = z.string().nullable();

/** The record of a run, as it is written: published as `docs/evidence.schema.json`. */
export const recordSchema = z
  .strictObject({
    schema: z.literal('viridian-evidence/1').describe('Version of this form.'),
    sequence: z.int().positive().describe('Place in the ledger, from 1 on, without a gap.'),
    previous: digest
      .nullable()
      .describe('SHA-256 of the whole file of the record before; null of the first.'),
    writtenAt: moment.describe('When the record was written.'),
    run: z
      .strictObject({
        executionArn: z.string().describe('ARN of the execution.'),
        machineVersion: text.describe('ARN of the version of the state machine that ran.'),
        status: z.string().describe('As Step Functions has it: SUCCEEDED, FAILED, TIMED_OUT or ABORTED.'),
        startedAt: moment.describe('Beginning of the execution.'),
        endedAt: moment.describe(
          'End of the execution. One that was redriven ends again, and has a record of each end.',
        ),
        error: text.describe('Name of the error of an execution that failed.'),
        cause: text.describe('What is said of the error.'),
      })
      .describe('The execution.'),
    input: z.unknown().describe('The request, or the input of going back, as it was given.'),
    outcome: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe(
        'The announcement as data: end, decisions, warnings, bake, what is left; null when the run died before it.',
      ),
    states: z
      .array(
        z.strictObject({
          name: z.string().describe('Name of the state.'),
          enteredAt: moment.describe('When it was entered.'),
        }),
      )
      .describe('Every state that was entered, in order.'),
    answers: z
      .record(
        z.string(),
        z.union([
          z.strictObject({ payload: z.unknown().describe('The answer.') }),
          z.strictObject({
            bytes: z.int().describe('Length of the answer, which is too long for a record.'),
            digest: digest.describe('SHA-256 of the answer as JSON.'),
          }),
        ]),
      )
      .describe(
        'What each state answered last: facts, plan, tests, lag, proofs of the serving side, comparison.',
      ),
    changes: z
      .array(
        z.strictObject({
          id: z.string().describe('Ties the lines of the log about one call together.'),
          at: moment.describe('When it was sent.'),
          by: z.string().describe('The state, or the function that no state calls.'),
          call: z.string().describe('Operation of AWS, or SQL and the question.'),
          resource: text.describe('What the call names.'),
          outcome: z
            .enum(['accepted', 'refused', 'unknown', 'unfinished'])
            .describe('unknown: no answer. unfinished: the function died before one.'),
          error: text.describe('Name of the error of a call that was refused.'),
          requestId: text.describe('By which CloudTrail has the same call.'),
          resourceId: text.describe('What AWS answered about, by the id that no rename changes.'),
        }),
      )
      .describe('Every call that changed something, or may have.'),
    artefact: z.string().describe('SHA-256 over the deployed artefacts, as the bill of materials names it.'),
  })
  .describe('One run of Viridian, from its request to its end.');

// The form that is written and the form that is published are one.
recordSchema satisfies z.ZodType<EvidenceRecord>;
