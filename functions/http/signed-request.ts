import { isSteering, type Steering } from '../domain/hold/steering.ts';
import type { StartAct } from './protocol.ts';

/** What `npm run approve` and its like send: the text that is signed. */
export interface SignedRequest {
  /** ARN of the execution. */
  execution: string;
  group: string;
  act:
    | { kind: 'show' }
    | { kind: 'answer'; answer: 'approve' | 'reject'; reason: string; saw: string; statement?: string }
    | { kind: Steering; reason: string }
    | StartAct;
}

/** @returns undefined for anything else */
export function readSignedRequest(text: string): SignedRequest | undefined {
  try {
    const { execution, group, act } = (JSON.parse(text) ?? {}) as Partial<SignedRequest>;
    if (typeof execution !== 'string' || typeof group !== 'string' || !isAct(act)) return undefined;
    return { execution, group, act };
  } catch {
    return undefined;
  }
}

function isAct(value: unknown): value is SignedRequest['act'] {
  const { kind, answer, reason, saw, statement, input } = (value ?? {}) as Record<string, unknown>;
  if (kind === 'show') return true;
  if (kind === 'request' || kind === 'go-back')
    return typeof input === 'object' && input !== null && !Array.isArray(input);
  if (typeof reason !== 'string') return false;
  if (typeof kind === 'string' && isSteering(kind)) return true;
  return (
    kind === 'answer' &&
    (answer === 'approve' || answer === 'reject') &&
    typeof saw === 'string' &&
    isStatementLike(statement)
  );
}

const isStatementLike = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && value.length <= 4_000);
