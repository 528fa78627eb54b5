import { AwsError } from '../../wire/service.ts';

/** A field that is not acted on is refused, so that nobody takes an ignored change for a made one. */
export function requireKnownFields(operation: string, input: object, known: string[]): void {
  const unknown = Object.entries(input).find(
    ([field, value]) => value !== undefined && !known.includes(field),
  );
  if (unknown)
    throw new AwsError('NotImplemented', `${operation} knows no ${unknown[0]} in this local endpoint.`, 501);
}
