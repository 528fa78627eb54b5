import { eventId, type Severity, subjectOf } from '../announcement/announcement.ts';
import { linksTo, writeLinks } from '../announcement/links.ts';
import type { RehearsalEnd } from '../model/ends.ts';
import { type Failure, messageOf } from '../model/failure.ts';
import { copyTag } from '../model/tags.ts';
import { oneLine, withoutLinks } from '../model/text.ts';
import type { Outcome } from '../outcome/outcome.ts';
import { deletionOf, type KeptCopy, keepingOf, type TaggedCopy } from './left.ts';
import { describeLoad, type LoadSaid } from './load.ts';
import { describeFound, type Rehearsed } from './rehearsal.ts';

export interface RehearsalFacts {
  executionArn: string;
  /** The rehearsal whose copy is removed. */
  rehearsal: string;
  /** Name or ARN of production, as the request has it; null in a clean-up of another rehearsal. */
  database: string | null;
  end: RehearsalEnd;
  rehearsed: Rehearsed | null;
  failure: Failure | null;
  /** What the hook said that stopped the load; null: there was none, or it is in what was rehearsed. */
  loadSaid: LoadSaid | null;
  /** Copies that a person has made theirs. */
  kept: KeptCopy[];
  /** What is still there after all the time that is given to the removal, and why; null: nothing. */
  left: { because: string; copies: TaggedCopy[] } | null;
  runbook: string;
}

const severities: Record<RehearsalEnd, Severity> = {
  'Rehearsed on a copy: production was not touched': 'OK',
  'Rehearsal failed: production was not touched': 'ACT',
  'Rehearsal left a copy: production was not touched': 'ACT',
};

/** Puts the end of a rehearsal into words: what happened, where writes go, what still costs money, what to do next. */
export function composeRehearsal(facts: RehearsalFacts): Outcome {
  const { executionArn, end, rehearsed, kept, left, runbook } = facts;
  const database = facts.database?.split(':').at(-1) ?? 'clean-up of a rehearsal';
  const severity = kept.length > 0 ? 'ACT' : severities[end];
  const links = linksTo(executionArn, runbook, end);
  const happened = sayHappened(facts);
  const parts = {
    happened,
    writable: `${database} serves production and takes writes: the rehearsal only read it.`,
    costs: sayCosts(facts),
    next: sayNext(facts),
  };
  return {
    subject: subjectOf(severity, `${end} (${database})`),
    summary: oneLine(`${database}: ${end}. ${happened}`),
    text: [...Object.values(parts), '', ...writeLinks(executionArn, links)].join('\n'),
    attributes: { kind: 'outcome', severity, end, id: eventId(executionArn, 'outcome', end) },
    json: {
      kind: 'outcome',
      severity,
      end,
      links,
      ...parts,
      rehearsed,
      kept: kept.map(({ copy, because }) => ({ name: copy.name, arn: copy.arn, because })),
      left: left?.copies.map(({ name }) => name) ?? [],
      executionArn,
    },
  };
}

function sayHappened({ left, ...facts }: RehearsalFacts): string {
  const done = sayDone(facts);
  if (left) return [...done, `The copy was not removed in time: ${withoutLinks(left.because)}`].join('\n');
  return done.join('\n') || 'Everything that the rehearsal had made is deleted.';
}

/** A line for what was measured or failed; where nothing was measured, one for what became of the load. */
function sayDone({ rehearsed, failure, loadSaid }: Omit<RehearsalFacts, 'left'>): string[] {
  if (rehearsed) return [`Measured on the copy: ${describeFound(rehearsed)}.`];
  return [
    ...(failure
      ? [
          `"${failure.state}" failed with ${failure.error}: ${withoutLinks(messageOf(failure).slice(0, 4_000))}`,
        ]
      : []),
    ...(loadSaid ? [`Of the ${describeLoad(loadSaid)}`] : []),
  ];
}

/** A line for each database that is there, with what deletes it below it. */
function sayCosts({ kept, left }: RehearsalFacts): string {
  const lines = [
    ...(left?.copies ?? []).flatMap((copy) => [
      `${copy.kind} ${copy.name} (${copy.arn}) is ${copy.status || 'there'} and costs money by the hour. To delete it:`,
      ...deletionOf(copy).map(asCommand),
    ]),
    ...kept.flatMap(({ copy, because }) => [
      `Kept, and it costs money by the hour: ${because}. To delete it, when nobody needs it:`,
      ...deletionOf(copy).map(asCommand),
      'To keep it without a word from here on:',
      asCommand(keepingOf(copy, copyTag)),
    ]),
  ];
  if (lines.length > 0) return lines.join('\n');
  return left
    ? 'What carries the tag viridian:copy, or a deployment of the run on the copy, may still cost money.'
    : 'Nothing that was copied is left.';
}

const asCommand = (command: string): string => `    ${command}`;

function sayNext({ rehearsal, rehearsed, left }: RehearsalFacts): string {
  if (left)
    return `Mend the reason, or delete it by hand: delete nothing that lacks the tag or the name of a copy. The removal begins anew by itself; by hand it is an execution of the state machine rehearsal with {"removeCopyOf": "${rehearsal}"}.`;
  return rehearsed
    ? 'Start the run itself; its approval shows what was measured.'
    : 'Mend the reason, and rehearse again.';
}
