import type { Answer, Decision } from '../domain/approval/decision.ts';
import type { Fact } from '../domain/approval/evidence.ts';
import type { Problems } from '../domain/approval/form.ts';
import type { LinkPurpose } from '../domain/approval/link.ts';
import type { Proof } from '../domain/approval/proof.ts';
import type { Paused, Steering } from '../domain/hold/steering.ts';

/** Starts of an execution, by callers whom IAM knows: the input as a start by hand has it. */
export type StartAct =
  | { kind: 'request'; input: Record<string, unknown> }
  | { kind: 'go-back'; input: Record<string, unknown> };

/** What somebody wants who calls `decide`. */
export type Act =
  | { kind: 'show' }
  | {
      kind: 'answer';
      answer: Answer;
      /** What was typed as the phrase of the message; a caller whom IAM knows types none. */
      phrase?: string;
      by: string;
      reason: string;
      /** Digest of the facts that were shown. */
      saw: string;
      /** Going back with a loss: the typed statement. */
      statement?: string;
    }
  | SteerAct;

/** A person stops, pauses or resumes the run. */
export interface SteerAct {
  kind: Steering;
  phrase?: string;
  by: string;
  reason: string;
}

/**
 * How somebody came here: with a sealed link, or with the text of a signed request and the proof of who has signed it. `by` is whom the API
 * let through; nobody is believed who hands it on, but it must be the one who signed.
 */
export type DecideRequest =
  | { via: 'link'; code: string; act: Act }
  | { via: 'iam'; by: string; text: string; proof: Proof };

/** What a person sees who may decide. */
export interface View {
  purpose: LinkPurpose;
  group: string;
  askedAt: string;
  answerBy: string;
  evidence: Fact[];
  /** The same facts twice: as the message gave them and as they were read last. */
  whenAsked: Fact[];
  whenRead: Fact[];
  lookedAt: string | null;
  /** Why the newest look could not read the facts. */
  unreadable: string | null;
  saw: string;
  /** Where the run waits just now: whether it may be paused there, whether a way back is open, and who has paused it. */
  mayPause: boolean;
  mayGoBack: boolean;
  paused: Paused | null;
  /** It is asked whether production may go back; the loss that a yes accepts, or null. */
  goingBack?: { statement: string | null };
}

export type DecideResult =
  | { kind: 'question'; view: View; problems: Problems }
  | { kind: 'decided'; decision: Omit<Decision, 'seal'>; yours: boolean }
  | { kind: 'stopped' | 'paused' | 'resumed'; because: string; at: string; yours: boolean }
  /** The run is not where this can be done. */
  | { kind: 'refused'; message: string }
  /** An execution was started: its ARN. */
  | { kind: 'started'; executionArn: string }
  /** Too many wrong phrases at this link: closed until then, or for good. */
  | { kind: 'closed'; until: string | null }
  /** Nothing that could be answered now; the same call may be made again in a moment. */
  | { kind: 'later' }
  /** Unknown, forged, expired, changed plan, closed without a decision: one answer for all. */
  | { kind: 'void' };
