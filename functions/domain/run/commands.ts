import { oneLine, withoutLinks } from '../model/text.ts';
import type { RunFacts } from './facts.ts';
import { isOpen } from './standing.ts';

/** Something that a person can do, and the command that does it, on one line. */
export interface Advice {
  text: string;
  command?: string;
}

/**
 * What a person can do about an execution now. While it is open: answer, stop, pause, resume, ask to go back, by the commands that take
 * rights in IAM. At the end: what the outcome advises.
 * @param api address of the HTTP API of the stack
 */
export function adviseOn(facts: RunFacts, api: string): Advice[] {
  return isOpen(facts) ? [...answers(facts, api), ...steering(facts, api), watch(facts)] : afterwards(facts);
}

function answers({ waits, executionArn }: RunFacts, api: string): Advice[] {
  return waits
    .filter(({ kind }) => kind === 'approval')
    .map(({ group }) => ({
      text: `Read the facts and answer for the group ${group}, by the link of its message or with your rights in IAM`,
      command: `npm run approve -- --api ${api} --execution ${executionArn} --group ${group}`,
    }));
}

const ways = [
  ['resume', 'Let the paused run go on', 'resume'],
  ['ask-to-go-back', 'Ask the people of the approval whether production may go back', 'go-back'],
  ['pause', 'Pause it before the cut; green is kept', 'pause'],
  ['stop', 'Stop it in order', 'stop'],
] as const;

function steering({ waits, executionArn }: RunFacts, api: string): Advice[] {
  return ways
    .filter(([kind]) => waits.some(({ may }) => may.includes(kind)))
    .map(([, text, command]) => ({
      text,
      command: `npm run ${command} -- --api ${api} --execution ${executionArn}${command === 'go-back' ? '' : " --reason 'WHY'"}`,
    }));
}

const watch = ({ executionArn }: RunFacts): Advice => ({
  text: 'Look at the same in a terminal until it ends',
  command: `npm run watch -- --execution ${executionArn}`,
});

/** A run that died has no outcome: then reconcile reports what stands. */
function afterwards({ outcome, endedAt }: RunFacts): Advice[] {
  const next = outcome === null ? [] : textsIn(outcome.next);
  const day = endedAt?.slice(0, 10);
  return [
    ...(next.length > 0
      ? next.map((text) => ({ text }))
      : [{ text: 'It ended without an outcome; the announcements say what was found afterwards' }]),
    {
      text: 'Verify its record',
      command: `npm run evidence -- --bucket BUCKET --public-key FILE --from ${day}`,
    },
  ];
}

/** The texts of a list of the outcome, as lines. */
export function textsIn(value: unknown): string[] {
  return Array.isArray(value)
    ? value.flatMap((one) => (typeof one === 'string' ? [oneLine(withoutLinks(one), 2_000)] : []))
    : [];
}
