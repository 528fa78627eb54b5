/** An object, as it is or as JSON text; undefined for anything else. Histories hold input, output and parameters as text. */
export function parseObject(value: unknown): Record<string, unknown> | undefined {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  if (typeof value !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** What a function was given, or what it answered: `Payload` of the parameters, or of the output, of a task that invokes one. */
export function payloadOf(text: string | undefined): Record<string, unknown> | undefined {
  return parseObject(parseObject(text)?.Payload);
}
