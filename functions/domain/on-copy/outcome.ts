import { eventId, type Severity, subjectOf } from '../announcement/announcement.ts';
import { linksTo, writeLinks } from '../announcement/links.ts';
import type { RehearsalEnd } from '../model/ends.ts';
import { type Failure, messageOf } from '../model/failure.ts';
import { oneLine, withoutLinks } from '../model/text.ts';
import type { Outcome } from '../outcome/outcome.ts';
import { describeMeasured, type Rehearsed } from './rehearsal.ts';

export interface RehearsalFacts {
  executionArn: string;
  /** Name or ARN of production, as the request has it; null in a clean-up of another rehearsal. */
  database: string | null;
  end: RehearsalEnd;
  rehearsed: Rehearsed | null;
  failure: Failure | null;
  runbook: string;
}

const severities: Record<RehearsalEnd, Severity> = {
  'Rehearsed on a copy: production was not touched': 'OK',
  'Rehearsal failed: production was not touched': 'ACT',
  'Rehearsal left a copy: production was not touched': 'ACT',
};

/** Puts the end of a rehearsal into words: what happened, where writes go, what still costs money, what to do next. */
export function composeRehearsal(facts: RehearsalFacts): Outcome {
  const { executionArn, end, rehearsed, failure, runbook } = facts;
  const database = facts.database?.split(':').at(-1) ?? 'clean-up of a rehearsal';
  const severity = severities[end];
  const links = linksTo(executionArn, runbook, end);
  const happened = rehearsed
    ? `Measured on the copy: ${describeMeasured(rehearsed.measured)}.`
    : failure
      ? `"${failure.state}" failed with ${failure.error}: ${withoutLinks(messageOf(failure).slice(0, 4_000))}`
      : 'Everything that the rehearsal had made is deleted.';
  const parts = {
    happened,
    writable: `${database} serves production and takes writes: the rehearsal only read it.`,
    costs: 'Nothing that was copied is left.',
    next: rehearsed
      ? 'Start the run itself; its approval shows what was measured.'
      : 'Mend the reason, and rehearse again.',
  };
  return {
    subject: subjectOf(severity, `${end} (${database})`),
    summary: oneLine(`${database}: ${end}. ${happened}`),
    text: [...Object.values(parts), '', ...writeLinks(executionArn, links)].join('\n'),
    attributes: { kind: 'outcome', severity, end, id: eventId(executionArn, 'outcome', end) },
    json: { kind: 'outcome', severity, end, links, ...parts, rehearsed, executionArn },
  };
}
