import type { SnsService } from '../../packages/local-aws/services/sns.ts';
import type { Endpoint } from '../../packages/local-aws/wire/endpoint.ts';
import { readQuestion } from './question.ts';

/** What came back. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

export interface Sent {
  method?: string;
  /** The query as it stands in the link. */
  query?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  path?: string;
}

/** API Gateway answers within 30 s, whatever the page does; browsers wait longer. Milliseconds. */
const browserWaitsMs = 30_000;

/** Somebody who knows links: a person's browser, a scanner or an attacker. Reaches the routes without a socket. */
export class Visitor {
  readonly #endpoint: Endpoint;
  readonly #inbox: SnsService | undefined;

  /** @param inbox where a person reads the messages; a robot has none */
  constructor(endpoint: Endpoint, inbox?: SnsService) {
    this.#endpoint = endpoint;
    this.#inbox = inbox;
  }

  get(code: string, method = 'GET'): Promise<Answer> {
    return this.send({ method, query: code });
  }

  /** Posts a form as a browser does from the page itself. What the message asks to type is typed, unless the form says otherwise. */
  post(code: string, form: Record<string, string>, change: Sent = {}): Promise<Answer> {
    return this.send({
      method: 'POST',
      query: code,
      body: new URLSearchParams({ ...this.#typed(code), ...form }).toString(),
      ...change,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: 'https://page.test',
        'sec-fetch-site': 'same-origin',
        ...change.headers,
      },
    });
  }

  /** Reads the page and decides as a person does, with the facts that the page shows. */
  async decide(code: string, form: Record<string, string> = {}): Promise<Answer> {
    const saw = readSaw((await this.get(code)).text);
    return this.post(code, { saw, ...goodForm, ...form });
  }

  #typed(code: string): { phrase?: string } {
    const message = this.#inbox?.messages.findLast((one) => code !== '' && one.message.includes(code));
    return message ? { phrase: String(readQuestion(message).json.typeToDecide) } : {};
  }

  async send({ method = 'GET', query = '', headers = {}, body, path = '/approval' }: Sent): Promise<Answer> {
    const parameters: Record<string, string[]> = {};
    for (const [name, value] of new URLSearchParams(query))
      parameters[name] = [...(parameters[name] ?? []), value];
    const request = {
      protocol: 'https:',
      hostname: 'page.test',
      method,
      path,
      headers,
      body,
      query: parameters,
    };
    const { response } = await this.#endpoint.requestHandler.handle(request as never, {
      requestTimeout: browserWaitsMs,
    });
    return {
      status: response.statusCode,
      headers: response.headers,
      text: new TextDecoder().decode(response.body as Uint8Array),
    };
  }
}

/** What a person types who approves. */
export const goodForm = { answer: 'approve', name: 'Bob Example', reason: '' };

/** The digest of the shown facts, which the form carries. */
export function readSaw(page: string): string {
  return /name="saw" value="([^"]*)"/.exec(page)?.[1] ?? '';
}
