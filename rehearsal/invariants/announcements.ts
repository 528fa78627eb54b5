import { parseObject } from '../../functions/aws/step-functions/history-payload.ts';
import { eventId } from '../../functions/domain/announcement/announcement.ts';
import type { LetterKind } from '../../functions/domain/announcement/list.ts';
import { ends, isEndName } from '../../functions/domain/model/ends.ts';
import { limits } from '../../functions/domain/model/limits.ts';
import type { FunctionCall } from '../../packages/local-aws/wire/function-calls.ts';
import { assignedBy, type Evidence, enteredStates, parametersOf, requestOf } from './evidence.ts';
import type { Check } from './types.ts';

/** What people are told, and what nobody may be told. */
export const telling: Record<string, Check> = {
  I16: everyEndTells,
  I17: noSecretIsPublished,
  I26: everyEventIsToldOnce,
};

/** Headings of the announcement. */
const fourThings = [
  'What happened',
  'Where writes go now',
  'What still runs and costs money',
  'What to do next',
];

/** A message that its sender had given up may arrive after the end is told. */
function everyEndTells({ announcements, end }: Evidence) {
  const last =
    announcements.findLast(({ attributes }) => kindOf(attributes) === 'outcome') ?? announcements.at(-1);
  const broken: string[] = [];
  if (!last) broken.push('nothing was announced');
  else if (!endsNamedFor(end).some((name) => last.message.includes(name.toUpperCase())))
    broken.push(`the announcement does not name the end "${end}"`);
  for (const heading of fourThings)
    if (last && !last.message.includes(heading)) broken.push(`the announcement has no "${heading}"`);
  return { promise: 'the end says what happened, what is writable, what still runs, what to do', broken };
}

/** An execution that was stopped has no end of its own: reconcile finds the words that fit. */
const endsNamedFor = (end: string): string[] => (isEndName(end) ? [end] : Object.keys(ends));

/** The code of a sealed link: whoever has it can decide. */
const linkCode = /https?:\/\/\S+\?([\w-]+\.[\w-]{43})/g;

function noSecretIsPublished({ history, announcements, questions, logs }: Evidence) {
  const told = [...announcements, ...questions].map(({ message }) => message);
  const codes = questions.flatMap(({ message }) =>
    [...message.matchAll(linkCode)].map(([, code = '']) => code),
  );
  const recorded = () => history.map((event) => JSON.stringify(event));
  const broken = [
    ...find('a task token is told', tokensOf(history), () => [...told, ...logs]),
    ...find('a sealed link is recorded', codes, () => [...recorded(), ...logs]),
    ...find('a sealed link is announced', codes, () => announcements.map(({ message }) => message)),
  ];
  return { promise: 'no token is in messages or logs, no link in history, logs or announcements', broken };
}

function tokensOf(history: Evidence['history']): string[] {
  return history.flatMap(({ taskScheduledEventDetails: task }) => {
    const token = /"token":"([^"]+)"/.exec(task?.parameters ?? '')?.[1];
    return token ? [token] : [];
  });
}

function find(fault: string, secrets: string[], texts: () => readonly string[]): string[] {
  if (secrets.length === 0) return [];
  const all = texts().join('\n');
  return secrets.some((secret) => all.includes(secret)) ? [fault] : [];
}

const kindOf = (attributes: Evidence['announcements'][number]['attributes']) =>
  attributes.kind?.StringValue ?? '';

/** What a run that goes well comes to, in this order. */
const inOrder: readonly LetterKind[] = ['started', 'green-ready', 'window-open', 'cut-done', 'old-blue-goes'];

/** A function that was broken off, or whose answer was lost, may have sent a message and send it again; so may one whose execution was redriven. */
function everyEventIsToldOnce(evidence: Evidence) {
  const { announcements, functionCalls, brokenOff, history } = evidence;
  const redriven = history.filter(({ type }) => type === 'ExecutionRedriven').length;
  const kinds = announcements.map(({ attributes }) => kindOf(attributes));
  const ids = announcements.map(({ attributes }) => attributes.id?.StringValue ?? '');
  const doubles = ids.length - new Set(ids).size;
  const lost = functionCalls.filter(
    (one) => one.call.operation === 'Publish' && (one.outcome?.kind !== 'answered' || isGivenUp(one)),
  ).length;
  const attempts = listAttempts(history);
  const places = inOrder.map((kind) => kinds.indexOf(kind)).filter((place) => place >= 0);
  const isOrdered = places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
  return {
    promise: `${ids.length} announcements: each event once, in its order, the cut within minutes`,
    broken: [
      ...(doubles > brokenOff + lost + redriven ? [`${doubles} were sent twice: ${kinds.join(', ')}`] : []),
      ...(isOrdered ? [] : [`they came as ${kinds.join(', ')}`]),
      ...attempts
        .filter(({ id, ended }) => ended === 'TaskSucceeded' && !ids.includes(id))
        .map(({ kind }) => `"${kind}" was told and did not arrive`),
      // Where announcing failed, the end tells, which is told again until it arrives.
      ...(attempts.every(({ ended }) => ended === 'TaskSucceeded') ? findLateCut(evidence) : []),
    ],
  };
}

/** The sender waits no longer, and sends the message again. */
const isGivenUp = ({ at, endedAt = at }: FunctionCall) => endedAt - at >= 1_000 * limits.aws.request;

interface Tried {
  kind: string;
  id: string;
  /** `TaskSucceeded` when the task has confirmed to have told. */
  ended: string;
}

/** Every attempt of the run to announce an event. */
function listAttempts(history: Evidence['history']): Tried[] {
  const asked = new Map<number | undefined, { kind: string; id: string }>();
  return history.flatMap((entry) => {
    const { id, previousEventId, type = '' } = entry;
    const { announcement, until = null, executionArn } = parseObject(parametersOf(entry).Payload) ?? {};
    const event =
      typeof announcement === 'string'
        ? { kind: announcement, id: eventId(String(executionArn), announcement, until) }
        : asked.get(previousEventId);
    if (!event) return [];
    if (/^Task(Succeeded|Failed|TimedOut)$/.test(type)) return [{ ...event, ended: type }];
    asked.set(id, event);
    return [];
  });
}

const minute = 60_000;

/** From the proof that green serves on, writes may be held for the way back and by a hook that answers later; a quarter of an hour is for the rest. */
function findLateCut(evidence: Evidence): string[] {
  const { history, announcements } = evidence;
  const serving = assignedBy(history, 'Find production side', 'serving') as { side?: string } | undefined;
  const since = enteredStates(history).findLast(({ name }) => name === 'Which side serves production?')?.at;
  const request = requestOf(evidence);
  if (serving?.side !== 'green' || since === undefined || !request) return [];
  const { resumeWrites } = request.hooks;
  const allowed = 15 + request.wayBack.secureWithinMinutes + (resumeWrites?.withinMinutes ?? 0);
  const told = announcements.find(
    ({ at, attributes }) =>
      at >= since && ['cut-done', 'writes-held', 'outcome'].includes(kindOf(attributes)),
  );
  return told && told.at - since <= allowed * minute
    ? []
    : [`the cut was told ${told ? `after ${Math.round((told.at - since) / minute)} min` : 'by nothing'}`];
}
