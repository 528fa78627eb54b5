import type { Api } from './api.ts';
import type { Protocol } from './protocol.ts';
import { readQueryInput } from './query-input.ts';
import { decodeText, encodeText, type WireRequest, type WireResponse } from './wire.ts';
import { writeXmlErrorBody, writeXmlMembers, writeXmlText } from './xml-output.ts';

/** AWS Query: a form goes in, XML comes out. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export const queryProtocol: Protocol = {
  unknownOperation: 'InvalidAction',
  malformed: 'MalformedInput',
  missingMember: 'MissingParameter',

  operationName(api, request) {
    const parameters = readParameters(request);
    return parameters.get('Version') === api.version ? (parameters.get('Action') ?? undefined) : undefined;
  },

  readInput: (operation, request) => readQueryInput(operation.input, readParameters(request)),

  writeOutput(api, { name, output: schema }, output, { requestId }) {
    const result = schema.isStructSchema()
      ? `<${name}Result>${writeXmlMembers(schema, output)}</${name}Result>`
      : '';
    const metadata = `<ResponseMetadata>${writeXmlText('RequestId', requestId)}</ResponseMetadata>`;
    return asXml(api, requestId, 200, `${name}Response`, result + metadata);
  },

  writeRefusal(api, refusal, { requestId }) {
    const body = writeXmlErrorBody(refusal, refusal.queryCode, requestId);
    return asXml(api, requestId, refusal.status, 'ErrorResponse', body);
  },
};

/** Whether a request is a Query call at all: a form with an `Action`, or a GET with one. */
export function isQueryCall(request: WireRequest): boolean {
  return readParameters(request).has('Action');
}

function readParameters(request: WireRequest): URLSearchParams {
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  return isForm ? new URLSearchParams(decodeText(request.body)) : request.query;
}

function asXml(api: Api, requestId: string, status: number, tag: string, content: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: encodeText(`<${tag} xmlns="${api.xmlNamespace ?? ''}">${content}</${tag}>`),
  };
}
