import { sealedText } from './seal.ts';

/** Who asked for an execution, as the IAM route says it. The name of the execution is sealed with it, so that a seal counts once. */
export interface Requester {
  /** ARN of the caller. */
  by: string;
  /** Name of the execution. */
  execution: string;
}

/** The text that the seal of a requester covers. */
export function textOfRequester({ by, execution }: Requester): string {
  return sealedText('requester', JSON.stringify([by, execution]));
}

/**
 * A name for an execution that a person recognises: the database, the day, the time and a few letters against two at once.
 * @param subject an ARN counts by its last part
 * @param now milliseconds since the epoch
 * @param digits letters and digits that tell two of a minute apart
 */
export function nameExecution(subject: string, kind: '' | 'back-', now: number, digits: string): string {
  const last = subject.split(':').at(-1) ?? '';
  const plain = last.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 40);
  const [day = '', time = ''] = new Date(now).toISOString().split('T');
  return `${plain}-${kind}${day}-${time.slice(0, 5).replace(':', '')}-${digits}`;
}
