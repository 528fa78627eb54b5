import { ends, isEndName } from '../../functions/domain/model/ends.ts';
import type { Evidence } from './evidence.ts';
import type { Check } from './types.ts';

/** What people are told, and what nobody may be told. */
export const telling: Record<string, Check> = {
  I16: everyEndTells,
  I17: noSecretIsPublished,
};

/** Headings of the announcement. */
const fourThings = [
  'What happened',
  'Where writes go now',
  'What still runs and costs money',
  'What to do next',
];

function everyEndTells({ announcements, end }: Evidence) {
  const last = announcements.at(-1);
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
