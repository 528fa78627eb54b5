import type { Api } from './api.ts';
import type { Protocol } from './protocol.ts';
import { readRest, writeRestOutput } from './rest-bindings.ts';
import { decodeText, encodeText } from './wire.ts';
import { readXmlMembers } from './xml-input.ts';
import { writeXmlErrorBody, writeXmlMembers } from './xml-output.ts';

/** AWS restXml: what is not bound elsewhere is an XML body. https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html */
export const restXmlProtocol: Protocol = {
  unknownOperation: 'InvalidAction',
  malformed: 'MalformedXML',
  missingMember: 'InvalidInput',

  ...readRest((unbound, body) => readXmlMembers(unbound, decodeText(body))),
  writeOutput(api, { name, output: schema, http }, output, { requestId }) {
    const start = { status: http?.[2] ?? 200, requestId, contentType: 'text/xml' };
    return writeRestOutput(schema, output, start, (unbound) =>
      asDocument(api, `${name}Response`, writeXmlMembers(schema, unbound)),
    );
  },

  writeRefusal(api, refusal, { requestId }) {
    return {
      status: refusal.status,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body: asDocument(api, 'ErrorResponse', writeXmlErrorBody(refusal, refusal.name, requestId)),
    };
  },
};

function asDocument({ xmlNamespace }: Api, tag: string, content: string): Uint8Array {
  return encodeText(`<${tag} xmlns="${xmlNamespace ?? ''}">${content}</${tag}>`);
}
