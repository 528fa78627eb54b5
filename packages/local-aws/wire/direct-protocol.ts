import type { NormalizedSchema } from '@smithy/core/schema';
import type { DirectCall } from './direct-call.ts';
import { checkPlain } from './json.ts';
import { jsonProtocol } from './json-protocol.ts';
import type { Protocol } from './protocol.ts';
import { queryProtocol } from './query-protocol.ts';
import { restJsonProtocol } from './rest-json-protocol.ts';
import { copyModelled, mismatch } from './tree.ts';
import { encodeText } from './wire.ts';

/** The protocol whose codes and refusals an API has, also where its calls are handed over as they are. Other APIs are always written. */
const written: Record<string, Protocol> = {
  rds: queryProtocol,
  sns: queryProtocol,
  states: jsonProtocol,
  monitoring: jsonProtocol,
  kms: jsonProtocol,
  lambda: restJsonProtocol,
};

/** Whether calls to a service can be handed over without being written down. */
export const canBeDirect = (service: string): boolean => Object.hasOwn(written, service);

/**
 * Input and output are handed over as copies by the schema: what the schema does not name is left out, what it does not allow is
 * refused. A refusal is written in the API's own protocol, so that the client makes of it what it makes of every other.
 */
export function directProtocol({ service, operation, input }: DirectCall): Protocol {
  const own = written[service];
  if (!own) throw new Error(`Calls to ${service} are not handed over.`);
  return {
    ...own,
    operationName: () => operation,
    readInput: ({ input: schema }) => (schema.isStructSchema() ? copyModelled(schema, input, copyLeaf) : {}),
    writeOutput(_api, { output: schema }, output, { requestId }) {
      const copy = schema.isStructSchema() ? (copyModelled(schema, output, copyLeaf) as object) : {};
      return {
        status: 200,
        headers: { 'x-amzn-requestid': requestId },
        body: new Uint8Array(),
        output: copy,
      };
    },
  };
}

function copyLeaf(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isTimestampSchema()) return copyDate(schema, value);
  return schema.isBlobSchema() ? copyBytes(schema, value) : checkPlain(schema, value);
}

function copyDate(schema: NormalizedSchema, value: unknown): Date {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw mismatch(schema, value);
  return new Date(value);
}

/** A client takes text for bytes, too. */
function copyBytes(schema: NormalizedSchema, value: unknown): Uint8Array {
  if (typeof value === 'string') return encodeText(value);
  if (!(value instanceof Uint8Array)) throw mismatch(schema, value);
  return new Uint8Array(value);
}
