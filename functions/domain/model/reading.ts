/**
 * What a look gave: the value, or why it could not be read. Unreadable is never a good value: a rule that needs it
 * answers "unknown", which refuses.
 */
export type Reading<Value> = { value: Value } | { unreadable: string };

/** Wraps a value that was read. */
export function read<Value>(value: Value): Reading<Value> {
  return { value };
}

/** Wraps the reason why a value could not be read, for example the missing permission. */
export function unreadable(because: string): { unreadable: string } {
  return { unreadable: because };
}

/** Whether the value was read. */
export function isRead<Value>(reading: Reading<Value>): reading is { value: Value } {
  return 'value' in reading;
}
