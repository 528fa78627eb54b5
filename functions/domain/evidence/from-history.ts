import type { RehearsalState, StateName } from '../model/states.ts';
import { sha256 } from './ledger.ts';
import type { Answer, EvidenceRecord } from './record.ts';

/** An event of a history, as far as a record needs it. */
export interface RunEvent {
  /** Milliseconds since the epoch. */
  at: number;
  entered?: string;
  /** What the task of a state has answered. */
  answered?: { state: string; payload: unknown };
}

/** An answer of more bytes is kept by its digest: the whole of a record stays readable. */
const longestAnswer = 16_384;

/** What answers with the summary of the end: of a run and of going back, and of a rehearsal on a copy. */
const recordsOutcome: readonly string[] = ['Record outcome', 'Remove the copy'] satisfies (
  | StateName
  | RehearsalState
)[];

/** States, answers and outcome, of a history from its beginning. */
export function fromHistory(
  events: readonly RunEvent[],
): Pick<EvidenceRecord, 'states' | 'answers' | 'outcome'> {
  const answers: Record<string, Answer> = {};
  const states: EvidenceRecord['states'] = [];
  let outcome: EvidenceRecord['outcome'] = null;
  for (const { at, entered, answered } of events) {
    if (entered !== undefined) states.push({ name: entered, enteredAt: new Date(at).toISOString() });
    if (answered && recordsOutcome.includes(answered.state)) outcome = outcomeIn(answered.payload);
    else if (answered) answers[answered.state] = bounded(answered.payload);
  }
  return { states, answers, outcome };
}

/** By which a decision is believed, or a question answered: they prove nothing to a reader, and do something in other hands. */
const secret = ['seal', 'seals', 'taskToken', 'token', 'link', 'code'];

function bounded(payload: unknown): Answer {
  const text = JSON.stringify(payload ?? null, (name, value) => (secret.includes(name) ? undefined : value));
  const bytes = Buffer.byteLength(text);
  return bytes <= longestAnswer ? { payload: JSON.parse(text) } : { bytes, digest: sha256(text) };
}

function outcomeIn(payload: unknown): EvidenceRecord['outcome'] {
  const { json } = (payload ?? {}) as { json?: Record<string, unknown> };
  return json ?? null;
}
