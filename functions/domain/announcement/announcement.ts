import { digestOf } from '../approval/seal.ts';
import { subjectLine } from '../model/text.ts';

/** What a message asks of whoever reads it. OK: nothing. ACT: in working hours. PAGE: now. */
export type Severity = 'OK' | 'ACT' | 'PAGE';

/**
 * What subscriptions filter by, and by which a program knows a message that has come twice: `id` is an {@link eventId}. Besides, where they
 * are known: `database`, and of an outcome `end`. SNS takes no empty value.
 */
export type Attributes = Record<string, string> & { kind: string; severity: Severity; id: string };

/** One message in the forms that subscribers take. */
export interface Announcement {
  /** For SNS: ASCII, at most 100 characters, one line. */
  subject: string;
  /** Plain text, for mail. */
  text: string;
  /** For queues, functions and chat; attributes that it does not name are added. */
  json: Record<string, unknown>;
  attributes: Attributes;
}

/** The subject of a message: its severity, then what it is about. */
export function subjectOf(severity: Severity, text: string): string {
  return subjectLine(`[${severity}] ${text}`);
}

/**
 * The id of what a message tells: a function that is called again for the same event sends the same id. SNS delivers at least once and a
 * standard topic drops no double, so a program that must not tell twice compares ids.
 * @param event the execution, the kind of message, and what tells two events of that kind apart
 */
export function eventId(...event: [executionArn: string, kind: string, ...more: unknown[]]): string {
  return digestOf(event);
}
