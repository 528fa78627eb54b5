import type { Endpoint } from '../../packages/local-aws/wire/endpoint.ts';

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

/** Somebody who knows links: a person's browser, a scanner or an attacker. Reaches the routes without a socket. */
export class Visitor {
  readonly #endpoint: Endpoint;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  get(code: string, method = 'GET'): Promise<Answer> {
    return this.send({ method, query: code });
  }

  /** Posts a form as a browser does from the page itself. */
  post(code: string, form: Record<string, string>, change: Sent = {}): Promise<Answer> {
    return this.send({
      method: 'POST',
      query: code,
      body: new URLSearchParams(form).toString(),
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
    const { response } = await this.#endpoint.requestHandler.handle(request as never);
    return {
      status: response.statusCode,
      headers: response.headers,
      text: new TextDecoder().decode(response.body as Uint8Array),
    };
  }
}

/** What a person types who approves. */
export const goodForm = { answer: 'approve', database: 'orders-eu', name: 'Bob Example', reason: '' };

/** The digest of the shown facts, which the form carries. */
export function readSaw(page: string): string {
  return /name="saw" value="([^"]*)"/.exec(page)?.[1] ?? '';
}
