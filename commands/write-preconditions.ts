/** Writes docs/preconditions.md from the rules and from what they say of the rows of their test: `npm run preconditions`. */
import { writeFileSync } from 'node:fs';
import { engines } from '../functions/domain/model/engine.ts';
import { wrapLine } from '../functions/domain/model/text.ts';
import type { Precondition } from '../functions/domain/preconditions/facts.ts';
import { preconditions } from '../functions/domain/preconditions/list.ts';
import { facts, refusals, warnings } from '../test/domain/preconditions/precondition-rows.ts';
import { type Known, knownTroubles, sections } from './precondition-coverage.ts';

const opening = `# Preconditions

<!-- Written by npm run preconditions. -->

"Check preconditions" asks every rule before anything is changed, and reports all that they find together.
A dry run (\`"dryRun": true\`) ends after it.
A rule that **refuses** ends the run with [BlueGreen.PreconditionFailed](runbook.md#bluegreenpreconditionfailed).
A rule that **warns** does not stop the run; approvers read the warning.
A rule whose input cannot be read refuses as well: unknown is not OK.

Each message says what was seen and how to mend it. The messages below are those of examples, with a database called \`orders\`.
A database that does not exist, or cannot be read, is refused as \`source-exists\` before the rules are asked.
`;

/** The whole page, a heading for each rule. */
export function describePreconditions(): string {
  return [opening, ...preconditions.map(describe)].join('\n');
}

function describe(rule: Precondition): string {
  return [
    `## ${rule.id}`,
    '',
    `Looks at: ${rule.looksAt}`,
    ...(rule.how ? ['', `How: ${rule.how}.`] : []),
    ...(rule.source ? ['', ...wrapLine(`Source: ${rule.source}.`, 190)] : []),
    '',
    `Engines: ${nameEngines(rule.engines)}.`,
    '',
    ...[...findMessages(rule)].map(
      ([message, [verb, example]]) => `- ${verb}: ${example}.\n${quote(message)}`,
    ),
    '',
  ].join('\n');
}

/** A message as a quotation, a sentence a line. */
const quote = (message: string): string =>
  message
    .split(/(?<=[.;:]) (?=[A-Za-z])/)
    .flatMap((line) => wrapLine(line, 190))
    .map((line) => `  > ${line}`)
    .join('\n');

const nameEngines = (own: Precondition['engines']): string =>
  own === 'all' ? 'all' : own.map((id) => engines[id].label).join(', ');

/** What the rule says of its rows; of rows with the same message the first. */
function findMessages({ id, check }: Precondition): Map<string, [verb: string, example: string]> {
  const found = new Map<string, [verb: string, example: string]>();
  for (const [rule, example, more] of [...refusals, ...warnings]) {
    if (rule !== id) continue;
    for (const { severity, message } of check(facts(more)))
      if (!found.has(message)) found.set(message, [severity === 'warning' ? 'Warns' : 'Refuses', example]);
  }
  return found;
}

const coverageOpening = `# What is checked, and what is not

<!-- Written by npm run preconditions. -->

Everything that is known to go wrong with a deployment, with the check that finds it, or the reason why none does.
A check of [preconditions.md](preconditions.md) is a link; other gates are named by their test.
A test holds that each "yes" has its check and its test.
M is MySQL, Ma MariaDB, P PostgreSQL, Pl PostgreSQL with logical replication, AM and AP Aurora; RB stands for a way back.
`;

/** docs/preconditions-coverage.md. */
export function describeCoverage(): string {
  const isYes = (known: Known) => !('why' in known);
  const yes = knownTroubles.filter(isYes).length;
  return [
    coverageOpening,
    `Checked: ${yes} of ${knownTroubles.length}.`,
    ...Object.entries(sections).flatMap(([section, title]) => {
      const known = knownTroubles.filter((one) => one.section === section);
      return [
        '',
        `## ${title}`,
        '',
        `Checked: ${known.filter(isYes).length} of ${known.length}.`,
        '',
        ...known.map(describeKnown),
      ];
    }),
    '',
  ].join('\n');
}

function describeKnown(known: Known): string {
  const opening = `- \`${known.id}\` (${known.engines}):`;
  if ('rule' in known) return `${opening} yes, [${known.rule}](preconditions.md#${known.rule})`;
  if ('test' in known) return `${opening} yes, \`${known.test}\``;
  return `${opening} no.\n  ${known.why}`;
}

if (import.meta.main) {
  writeFileSync(new URL('../docs/preconditions.md', import.meta.url), describePreconditions());
  writeFileSync(new URL('../docs/preconditions-coverage.md', import.meta.url), describeCoverage());
}
