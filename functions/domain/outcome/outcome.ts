import { type Announcement, eventId, subjectOf } from '../announcement/announcement.ts';
import { type Links, linksTo, writeLinks } from '../announcement/links.ts';
import { readDecisions, type UnsealedDecision } from '../approval/decision.ts';
import { describeCompared, reportBake } from '../bake/report.ts';
import { describeStatistics, isRefreshed, warnOfStatistics } from '../build/statistics.ts';
import { describePutBack } from '../close/put-back.ts';
import { describeHandOver, handOverOf } from '../hand-over/hand-over.ts';
import type { Deployment } from '../model/deployment.ts';
import { type EndName, ends } from '../model/ends.ts';
import { type Failure, isError, messageOf } from '../model/failure.ts';
import { foreignText, oneLine, quote, showSpan, showTime, withoutLinks, wrapQuoted } from '../model/text.ts';
import { estimateRun } from '../request/estimate.ts';
import type { Request } from '../request/request.ts';
import { timeZoneOf } from '../request/time-zone.ts';
import { composeLoss } from '../way-back/loss.ts';
import { adviseNext } from './advice.ts';
import { didNothing, runOf } from './advice-roll-back.ts';
import type { OutcomeFacts } from './facts.ts';
import { findLeftovers, type Leftover } from './leftovers.ts';
import { severityOf, titleOf } from './severity.ts';
import { describeStanding } from './standing.ts';
import type { Standing } from './standing-facts.ts';
import { describeWritable } from './writable.ts';

/** What is announced, recorded, and shown in the console: what happened, where writes go, what still costs money, what to do next. */
export interface Outcome extends Announcement {
  /** One sentence or two: the Cause of a Fail state. */
  summary: string;
}

const width = 76;
const manyWarnings = 12;

/** Puts the end of a run into words. Every end says the same four things in the same order. */
export function composeOutcome(known: OutcomeFacts): Outcome {
  // What green knows of its tables matters to nobody while blue serves.
  const serves = ends[known.end].serves;
  const statistics = serves === 'blue' ? null : (known.statistics ?? null);
  const facts = { ...known, statistics, findings: [...known.findings, ...warnOfStatistics(statistics)] };
  const named = facts.deployment.database?.id ?? textIn(facts.request, 'database');
  const database = named ?? nameRun(facts);
  const leftovers = findLeftovers(facts.deployment, facts.endState, serves);
  const severity = severityOf(facts);
  const parts = {
    happened: describeEvents(facts),
    writable: describeWritable(facts),
    costs: describeLeftovers(leftovers, facts),
    next: adviseNext(facts, leftovers),
  };
  const links = linksTo(facts.executionArn, facts.runbook, ...headingsOf(facts));
  return {
    subject: subjectOf(severity, `${titleOf(facts)} (${database})`),
    summary: oneLine(asSentences([`${database}: ${facts.end}`, ...parts.happened]), longestSummary(facts)),
    text: writeText(facts, database, parts, links),
    attributes: {
      kind: 'outcome',
      severity,
      end: facts.end,
      id: eventId(facts.executionArn, 'outcome', facts.end),
      ...(named && { database: named }),
    },
    json: {
      kind: 'outcome',
      severity,
      end: facts.end,
      links,
      database: facts.deployment.database ?? database,
      ...parts,
      leftovers,
      ...describeFacts(facts),
    },
  };
}

/** For programs: what is known of the run, as it was recorded. */
function describeFacts(facts: OutcomeFacts): Record<string, unknown> {
  const { end, failure, cleanupFailure, deployment, going } = facts;
  const handOver = handOverOf(facts, ends[end].serves);
  const estimated = estimate(facts);
  return {
    succeeded: ends[end].kind === 'succeed' && failure === null,
    serves: ends[end].serves,
    standing: facts.standing ?? [],
    ...(facts.readers?.length && { readers: facts.readers }),
    failure: readable(failure),
    cleanupFailure: readable(cleanupFailure),
    statistics: facts.statistics ?? null,
    ...(facts.deployment.putBack && { putBack: facts.deployment.putBack }),
    ...(handOver && { handOver }),
    ...(estimated.length > 0 && { estimate: estimated }),
    warnings: facts.findings.filter(({ severity }) => severity === 'warning'),
    ...(going?.loss && { loss: going.loss }),
    ...(going?.accepted && { accepted: going.accepted }),
    blue: identify(deployment.blue),
    green: identify(deployment.green),
    deployment: deployment.id ?? null,
    planHash: deployment.planHash ?? null,
    decisions: decisionsIn(facts.approval),
    bake: reportBake(facts.baseline, facts.baked, failure),
    executionArn: facts.executionArn,
    startedAt: facts.startedAt,
    endedAt: new Date(facts.now).toISOString(),
    ...fieldsOfRequest(facts.request),
  };
}

/** The end, and the error where it is one of ours: the runbook has a heading for each. */
function headingsOf({ end, failure }: OutcomeFacts): string[] {
  return failure?.error.startsWith('BlueGreen.') ? [end, failure.error] : [end];
}

/** Some parts are texts of AWS, which end with a full stop or two. */
const asSentences = (parts: string[]): string =>
  parts.map((part) => part.replace(/(?<!\.)\.+$/, '')).join('. ');

function readable(failure: Failure | null): Failure | null {
  return failure && { ...failure, cause: messageOf(failure).slice(0, 4_000) };
}

function describeEvents({
  end,
  failure,
  cleanupFailure,
  servingBecause,
  statistics,
  deployment,
}: OutcomeFacts): string[] {
  const events = isRefusal(end, failure)
    ? describeRefused(failure)
    : failure
      ? describeFirst(end, failure)
      : [results[end]];
  // The machine keeps a failure in both places where it is the first one and one of the clean-up.
  if (cleanupFailure && cleanupFailure.state !== failure?.state) {
    events.push(describeFailure('While cleaning up: ', cleanupFailure));
  }
  // A task that ran out of time has no cause.
  if (servingBecause && ends[end].serves !== 'unknown' && !failure?.cause?.includes(servingBecause)) {
    events.push(`Proved by: ${servingBecause}`);
  }
  events.push(...describePutBack(deployment.putBack, ends[end].serves));
  if (statistics && isRefreshed(statistics)) events.push(`Statistics: ${describeStatistics(statistics)}`);
  return events;
}

/** An end that is no failure of the databases first states the result for them, then the reason. */
function describeFirst(end: EndName, failure: Failure): string[] {
  const refused = 'Going back was refused before anything was changed';
  const why = describeFailure('Why: ', failure);
  switch (end) {
    case 'Going back refused: nothing was changed':
    case 'Did not go back: green serves production':
      return [didNothing({ failure }) ? refused : givenUp, why];
    default:
      return [describeFailure('', failure)];
  }
}

const givenUp =
  'Going back was begun and given up. New production is open for writing; nothing was moved, and no row is lost';

function describeFailure(opening: string, failure: Failure): string {
  return `${opening}"${failure.state}" failed with ${failure.error}: ${withoutLinks(messageOf(failure).slice(0, 4_000)) || 'no reason given'}`;
}

const isRefusal = (end: EndName, failure: Failure | null): failure is Failure =>
  end === 'Refused: nothing was changed' && isError(failure?.error, 'BlueGreen.PreconditionFailed');

/** The cause of an execution. A refusal is all that a dry run has to say, so more of it stands there. */
const longestSummary = ({ end, failure }: OutcomeFacts) => (isRefusal(end, failure) ? 4_000 : 1_000);

/** A finding a line, each whole: together they are as long as `describeRefusal` lets them be. */
function describeRefused(failure: Failure): string[] {
  const [first = 'no reason given', ...others] = withoutLinks(messageOf(failure)).split('\n');
  return [`"${failure.state}" failed with ${failure.error}: ${first}`, ...others];
}

/** Decisions as the record holds them, without their seals; "Final check" has verified those before it believed anything. */
function decisionsIn(approval: unknown): UnsealedDecision[] {
  return readDecisions(approval).map(({ seal: _, ...decision }) => decision);
}

function describeDecision(
  { decision, group, by, identified, at, tookSeconds, reason }: UnsealedDecision,
  time: (isoTime: string) => string,
): string {
  const verb = decision === 'approve' ? 'approved' : 'rejected';
  const why = reason ? `: ${quote(reason, 200)}` : '';
  return `${group} ${verb} by ${foreignText(by, 200)} (${identified}) at ${time(at)}, ${showSpan(tookSeconds)} after it was asked${why}`;
}

/** The result of an end without an error. */
const results: Record<EndName, string> = {
  'Dry run passed: nothing was changed': 'Every precondition holds',
  'Refused: nothing was changed': 'The run was refused',
  'Stopped before switchover: blue serves production': 'The run was stopped',
  'Switchover rolled back: blue serves production': 'RDS undid the switchover',
  'Green serves production': 'The switchover is done, verified and baked',
  'Green serves production, clean-up incomplete': 'The switchover is done; the clean-up is not',
  'Went back: blue serves production': 'Production went back to blue',
  'Went back on a copy: production was not touched':
    'Production of the copy went back, as was to be rehearsed',
  'Going back refused: nothing was changed': 'Going back was refused',
  'Did not go back: green serves production': 'Production stayed on green',
  'Going back incomplete: look before any retry': 'Going back was begun and is not finished',
  'Outcome unknown: look before any retry': 'It could not be proved which side serves',
};

/** A run that ends there has created nothing, whatever could be read. */
const createsNothing: EndName[] = ['Refused: nothing was changed'];

function describeLeftovers(leftovers: Leftover[], { end, endState }: OutcomeFacts): string[] {
  if (leftovers.length > 0) {
    return leftovers.map(
      ({ what, id, resourceId, cost }) => `${what} ${id}${resourceId ? ` (${resourceId})` : ''}: ${cost}`,
    );
  }
  if (createsNothing.includes(end)) return ['Nothing: the run was refused before it had made anything'];
  return [
    'unreadable' in endState.production
      ? 'Not known: nothing could be read'
      : 'Nothing of this run beside production',
  ];
}

function writeText(
  facts: OutcomeFacts,
  database: string,
  parts: Record<'happened' | 'writable' | 'costs' | 'next', string[]>,
  links: Links,
): string {
  const time = (isoTime: string) => showTime(isoTime, timeZoneOf(facts.request));
  const warnings = facts.findings.filter(({ severity }) => severity === 'warning');
  const { ticket, requestedBy } = fieldsOfRequest(facts.request);
  const decisions = decisionsIn(facts.approval);
  const run = runOf(facts);
  const compared = describeCompared(facts.baked?.compared ?? {});
  const took = showSpan((facts.now - Date.parse(facts.startedAt)) / 1000);
  return [
    facts.end.toUpperCase(),
    `${database}, ${time(new Date(facts.now).toISOString())}, after ${took}`,
    ...section('What happened', parts.happened),
    ...(decisions.length > 0
      ? section(
          'Who decided',
          decisions.map((decision) => describeDecision(decision, time)),
        )
      : []),
    ...(compared.length > 0 ? section('What the bake compared', compared) : []),
    ...section('Where writes go now', parts.writable),
    ...writeReaders(facts),
    ...writeEstimate(facts),
    ...writeHandOver(facts),
    ...writeLoss(facts),
    ...writeStanding(facts, database),
    ...section('What still runs and costs money', parts.costs),
    ...section('What to do next', parts.next),
    ...(warnings.length > 0
      ? section(
          'Warnings',
          warnings.slice(0, manyWarnings).map(({ rule, message }) => `${rule}: ${withoutLinks(message)}`),
        )
      : []),
    '',
    ...writeLinks(facts.executionArn, links),
    ...(run ? [`Undoes   ${run}`] : []),
    ...(ticket ? [`Ticket   "${ticket}"`] : []),
    ...(requestedBy ? [`For      "${requestedBy}"`] : []),
    '',
  ].join('\n');
}

/** Of a dry run: what the run itself would take. */
function estimate({ end, request, deployment }: OutcomeFacts): string[] {
  const { database, blue, replication, size } = deployment;
  if (end !== 'Dry run passed: nothing was changed' || !database || !blue || !replication) return [];
  return estimateRun(request as Request, { database, blue, replication, size });
}

function writeEstimate(facts: OutcomeFacts): string[] {
  const told = estimate(facts);
  return told.length > 0 ? section('What the run would take', told) : [];
}

function writeReaders({ readers = [] }: OutcomeFacts): string[] {
  return readers.length > 0 ? section('Where readers go now', readers) : [];
}

/** Where consumers of changes ended and go on, and what is left to a person for each. */
function writeHandOver(facts: OutcomeFacts): string[] {
  const told = describeHandOver(facts, ends[facts.end].serves);
  return told.length > 0 ? section('Consumers of changes', told) : [];
}

/** The input stands on a line of its own, to be taken as it is. */
function writeLoss({ end, going }: OutcomeFacts): string[] {
  const stated = going && composeLoss({ end, ...going });
  if (!stated) return [];
  return [...section(stated.heading, stated.lines), ...(stated.input ? ['', stated.input] : [])];
}

/** What hurts, and after a failure everything, each with what removes it on a line of its own. */
function writeStanding({ end, standing = [] }: OutcomeFacts, database: string): string[] {
  const isTold = ({ hurts }: Standing) => hurts || ends[end].kind === 'fail';
  const told = standing.filter(isTold);
  const others = standing.length - told.length;
  const rest = `${others} of our marks ${others === 1 ? 'is' : 'are'} left, which ${others === 1 ? 'blocks' : 'block'} nothing; this names each of them with what removes it:`;
  const entries = [
    ...told.map(describeStanding),
    ...(others > 0 ? [{ text: rest, command: `npm run what-stands -- --database ${database}` }] : []),
  ];
  if (entries.length === 0) return [];
  return [
    '',
    'What of ours still stands',
    ...entries.flatMap(({ text, command }) => [...lines([text]), `    ${command}`]),
  ];
}

function section(heading: string, entries: string[]): string[] {
  return ['', heading, ...lines(entries)];
}

function lines(entries: string[]): string[] {
  return entries.flatMap((entry) => entry.split('\n')).flatMap(writeLine);
}

/** What is to be executed stands on a line of its own, however long it is. */
const command = /^(aws|npm) .*--/;

function writeLine(entry: string): string[] {
  const line = oneLine(entry, 4_000);
  if (command.test(line)) return [`    ${line}`];
  return wrapQuoted(line, width - 4).map((part, index) => `  ${index === 0 ? '- ' : '  '}${part}`);
}

/** An execution of `roll-back` names a run only. */
function nameRun({ going }: OutcomeFacts): string {
  const run = runOf({ going })?.split(':').at(-1);
  return run ? `database of run ${oneLine(run, 80)}` : 'no database was named';
}

function identify(side: Deployment['blue'] | undefined) {
  return side ? { id: side.id, resourceId: side.resourceId, engineVersion: side.engineVersion } : null;
}

function fieldsOfRequest(request: unknown): { ticket?: string; requestedBy?: string } {
  const ticket = textIn(request, 'ticket');
  const requestedBy = textIn(request, 'requestedBy');
  return { ...(ticket && { ticket }), ...(requestedBy && { requestedBy }) };
}

function textIn(request: unknown, field: string): string | undefined {
  const value = (request as Record<string, unknown> | null | undefined)?.[field];
  // A request that was refused may hold anything.
  return typeof value === 'string' && value !== '' ? foreignText(value, 200) : undefined;
}
