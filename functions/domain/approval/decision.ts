import type { Deployment, Verdict, Window } from '../model/deployment.ts';
import type { Request } from '../request/request.ts';
import { isSamePerson } from './person.ts';
import { sealedText, sealPattern, type VerifySeal } from './seal.ts';

export type Answer = 'approve' | 'reject';

/** A decision as it stands in the record of the run, sealed with a key that only the deciding function may use. */
export interface Decision {
  decision: Answer;
  /** ARN of the execution that was decided on. */
  execution: string;
  group: string;
  /** The name typed into the page, or the ARN of the caller of the IAM-authorized route. */
  by: string;
  /** `attested`: somebody with the link typed this name. `authenticated`: AWS says who it was. */
  identified: 'attested' | 'authenticated';
  /** ISO times: when it was decided, when the group was asked, until when it could answer. */
  at: string;
  askedAt: string;
  answerBy: string;
  /** From question to answer. */
  tookSeconds: number;
  planHash: string;
  /** Digest of the facts that the decider saw. */
  sawDigest: string;
  reason: string | null;
  /** Going back only: the loss that the decider typed and so accepts. */
  statement: string | null;
  seal: string;
}

export type UnsealedDecision = Omit<Decision, 'seal'>;

/** Clocks of two functions may differ; more than this is not a difference of clocks. */
const clockSkewMs = 60_000;

/** The text that the seal of a decision covers: every field, in this order. */
export function textOfDecision(said: UnsealedDecision): string {
  const { decision, execution, group, by, identified, at, askedAt, answerBy, tookSeconds } = said;
  return sealedText(
    'decision',
    JSON.stringify([
      decision,
      execution,
      group,
      by,
      identified,
      at,
      askedAt,
      answerBy,
      tookSeconds,
      said.planHash,
      said.sawDigest,
      said.reason,
      said.statement,
    ]),
  );
}

export interface ApprovalFacts {
  executionArn: string;
  request: Request;
  /** As read now: its plan hash is the one that must have been approved. */
  deployment: Pick<Deployment, 'planHash'>;
  window: Window;
  /** `$approval` of the run: `{ decisions: Decision[] }`. Nothing in it is believed without its seal. */
  approval: unknown;
  /** Going back only: the loss that each yes must have accepted in the same words. */
  statement?: string | null;
  /** Milliseconds since the epoch. */
  now: number;
  /** Of the key of decisions: `verifyWith(env('DECISION_KEY_ID'))` of functions/aws/kms.ts. */
  verifySeal: VerifySeal;
}

/**
 * Whether every group of the request has approved what is about to be done. Ready with the decisions; a no names every
 * problem of every group. It rejects when a seal cannot be verified.
 */
export async function verifyApprovals(facts: ApprovalFacts): Promise<Verdict<Decision[]>> {
  if (!facts.request.approval.required) return { kind: 'ready', facts: [] };
  const decisions = readDecisions(facts.approval);
  const asked = facts.request.approval.groups.map(({ name }) => name);
  const problems = decisions
    .filter(({ group }) => !asked.includes(group))
    .map(({ group }) => `a decision of "${group}", which was not asked`);
  for (const group of asked) {
    const [decision, ...others] = decisions.filter((candidate) => candidate.group === group);
    if (!decision) problems.push(`group "${group}": no decision`);
    else if (others.length > 0) problems.push(`group "${group}": more than one decision`);
    else
      for (const problem of await problemsOf(decision, facts)) problems.push(`group "${group}": ${problem}`);
  }
  if (facts.request.approval.distinctPeople) problems.push(...findSamePeople(decisions));
  if (problems.length === 0) return { kind: 'ready', facts: decisions };
  return { kind: 'no', because: `the approval does not hold: ${problems.join('; ')}` };
}

/** One person who decided for two groups, in one name or in two that look alike. */
function findSamePeople(decisions: Decision[]): string[] {
  return decisions.flatMap((decision, index) =>
    decisions
      .slice(index + 1)
      .filter(({ group, by }) => group !== decision.group && isSamePerson(by, decision.by))
      .map(({ group }) => `groups "${decision.group}" and "${group}": ${decision.by} decided for both`),
  );
}

async function problemsOf(said: Decision, facts: ApprovalFacts): Promise<string[]> {
  if (!(await facts.verifySeal(textOfDecision(said), said.seal)))
    return ['its seal is not the one of the deciding function'];
  const { request, window, now } = facts;
  const [at, askedAt, answerBy] = [said.at, said.askedAt, said.answerBy].map(Date.parse) as [
    number,
    number,
    number,
  ];
  const inOrder = askedAt <= at && at < answerBy && answerBy <= Date.parse(window.approveBy);
  return [
    said.decision !== 'approve' && 'the answer is not approve',
    said.execution !== facts.executionArn && 'it was given for another run',
    said.planHash !== facts.deployment.planHash &&
      'it was given for another plan: what is to be done has changed since',
    !inOrder &&
      `it was not given in time (asked ${said.askedAt}, answered ${said.at}, until ${said.answerBy})`,
    !(at <= now + clockSkewMs) && `it was given in the future (${said.at})`,
    !(now < Date.parse(window.closesAt)) && `it has expired: the window closed at ${window.closesAt}`,
    request.approval.authenticatedOnly &&
      said.identified !== 'authenticated' &&
      `${said.by} decided by a link, and the request takes identities of IAM only`,
    said.statement !== (facts.statement ?? null) && 'it was given for another loss, or for none',
    isSamePerson(said.by, request.requestedBy) && `${said.by} asked for the change and cannot approve it`,
  ].filter((problem) => problem !== false);
}

const texts = ['execution', 'group', 'by', 'at', 'askedAt', 'answerBy', 'planHash', 'sawDigest'] as const;

/** A decision, if the value has the form of one; its seal is not looked at here. */
export function readDecision(value: unknown): Decision | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const candidate = value as Partial<Decision>;
  const complete =
    (candidate.decision === 'approve' || candidate.decision === 'reject') &&
    (candidate.identified === 'attested' || candidate.identified === 'authenticated') &&
    texts.every((field) => typeof candidate[field] === 'string') &&
    typeof candidate.tookSeconds === 'number' &&
    (candidate.reason === null || typeof candidate.reason === 'string') &&
    (candidate.statement === null || typeof candidate.statement === 'string') &&
    sealPattern.test(candidate.seal ?? '');
  return complete ? (candidate as Decision) : undefined;
}

/** The decisions of `$approval` that have the form of one. */
export function readDecisions(approval: unknown): Decision[] {
  const { decisions } = (approval ?? {}) as { decisions?: unknown };
  return [decisions].flat().flatMap((value) => readDecision(value) ?? []);
}
