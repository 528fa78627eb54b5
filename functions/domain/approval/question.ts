import type { Deployment, Window } from '../model/deployment.ts';
import type { StateName } from '../model/states.ts';
import type { Request } from '../request/request.ts';
import type { Decision } from './decision.ts';
import type { Fact } from './evidence.ts';
import type { GoingBackPlan } from './going-back.ts';
import { digestOf } from './seal.ts';
import type { WrongPhrase } from './wrong-phrases.ts';

/** What "Ask for approval" returns: the facts of its message, as they stand in the history. */
export interface Asked {
  kind: 'asked';
  occasion: 'ask' | 'remind' | 'escalate';
  group: string;
  /** ISO time of the message. */
  at: string;
  evidence: Fact[];
  state: Fact[];
}

/** What "Wait for approval" returns. It never answers its token: only a person does. */
export interface Looked {
  kind: 'looked';
  group: string;
  at: string;
  /** The facts as read in this look; nothing when they could not be read, and `because` says why. */
  state?: Fact[];
  because?: string;
}

/** Part of the payload of "Wait for approval" that a decision is about. */
export interface OpenQuestion {
  request: Request;
  deployment: Deployment;
  window: Window;
  askedAt: string;
  /** Whether production may go back is asked, not whether it may be switched over. */
  goingBack?: GoingBackPlan;
}

/** What the history says about the question of one group. */
export interface ApprovalRecord {
  asked?: Asked;
  /** Newest first. */
  looks: Looked[];
  /** The payload of the newest attempt to wait. */
  question?: OpenQuestion;
  /** The decision as recorded; its seal is not verified yet. */
  decision?: Decision;
  /** The newest decision of each other group; their seals are not verified yet. */
  others: Decision[];
  /** What was typed at links of this question and was not their phrase. */
  wrongPhrases: WrongPhrase[];
  /** The newest wait, of the question or not. */
  newestWait?: { state: StateName; parameters: Record<string, unknown> };
  /** The run was asked to stop: the cause as recorded. */
  stop?: { because: string; at: string };
  /** The question was closed: decided, refused by another group, timed out, or the run has ended. */
  closed: boolean;
  /** The run has ended. */
  ended: boolean;
}

/** Digest of what a person sees who looks now, or saw at one of the earlier looks. */
export function sawDigest({ evidence, state }: Asked, look: Looked | undefined): string {
  return digestOf([evidence, state, look?.state ?? null, look?.at ?? null]);
}

/** The newest look that could read the facts. */
export function lastReading({ looks }: ApprovalRecord): Looked | undefined {
  return looks.find(({ state }) => state !== undefined);
}

/** Whether this digest is the one of a page that this question had at some time. */
export function wasShown(record: ApprovalRecord, digest: string): boolean {
  const { asked, looks } = record;
  return asked !== undefined && [undefined, ...looks].some((look) => sawDigest(asked, look) === digest);
}
