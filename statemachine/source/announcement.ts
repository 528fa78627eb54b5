import type { LetterKind } from '../../functions/domain/announcement/list.ts';
import { type Value, x } from './expressions.ts';
import { tellingBriefly } from './policies.ts';

/** When the state was entered: the moment of what is announced. */
export const entered = x`$states.context.State.EnteredTime`;

/** What a state that announces has of every such state. A run goes on where it fails, and an alarm tells that it did. */
export const announcing = {
  function: 'announce',
  seconds: 30,
  retry: [tellingBriefly],
} as const;

/** What "announce" is given besides. */
export const announcement = (kind: LetterKind, more: Record<string, Value> = {}) => ({
  announcement: kind,
  at: entered,
  ...more,
});
