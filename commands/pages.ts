/** Shows the pages of runs of a stack in a browser on this machine, with rights in IAM: `npm run pages`. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SFNClient } from '@aws-sdk/client-sfn';
import { readOptions, runCommand, UsageError } from './arguments.ts';
import { signRequest } from './sign.ts';

const usage = `Shows the runs of a stack, and the page of each, in a browser on this machine.
The API asks for an identity of IAM, which a browser has not: this signs what
the browser asks with your credentials, and hands on reading alone.

  npm run pages -- --api URL [--region NAME] [--port N]

  --api URL       address of the HTTP API of the stack
  --region NAME   of the stack; left out: as the address says it
  --port N        on 127.0.0.1 (default 8080; 0 takes a free one)
  -h, --help      this text
  --version       the version of Viridian

Needs execute-api:Invoke on GET /runs and GET /runs/*. Ends with Ctrl-C.
`;

const names = ['api', 'region', 'port'] as const;

/** How long the API takes at most (quota of HTTP APIs), and some time more. Milliseconds. */
const patience = 35_000;

/** The list, and one run: with another form of address a browser could be led elsewhere. */
const runsForm = /^\/runs(\/[^/?.][^/?]*)?(\?|$)/;

/** Headers of the one connection, which the other has of its own. */
const ofTheConnection = [
  'connection',
  'content-encoding',
  'content-length',
  'keep-alive',
  'transfer-encoding',
];

/** What a browser asks is signed for, in the Region and by the credentials of a person. */
type Sign = (url: URL) => Promise<Record<string, string>>;

function signer(region: string): Sign {
  const { config } = new SFNClient({ region });
  return async (url) => {
    const unsigned = { method: 'GET', url, headers: {}, body: '' };
    return signRequest(unsigned, await config.credentials(), {
      region,
      service: 'execute-api',
      at: new Date(),
    });
  };
}

/** Answers a browser that came to this address: another name for it may be a trap of a foreign page. */
async function answer(
  { method, url = '/', headers }: IncomingMessage,
  response: ServerResponse,
  { api, port, sign }: { api: string; port: string; sign: Sign },
): Promise<void> {
  if (headers.host !== `127.0.0.1:${port}`) return refuse(response, 403, 'Open it as 127.0.0.1.');
  if (method !== 'GET' || !runsForm.test(url))
    return refuse(response, 404, 'Only /runs and what lies below it is handed on.');
  const wanted = new URL(url, api);
  const { status, headers: theirs, text } = await ask(wanted, await sign(wanted));
  const kept = [...theirs].filter(([name]) => !ofTheConnection.includes(name));
  response.writeHead(status, Object.fromEntries(kept)).end(text);
}

async function ask(url: URL, signed: Record<string, string>) {
  const response = await fetch(url, { headers: signed, signal: AbortSignal.timeout(patience) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${why}\n`);
}

/** As the address of an API says it: `ID.execute-api.REGION.…`. */
function regionIn(api: string): string | undefined {
  return /\.execute-api\.([a-z0-9-]+)\./.exec(api)?.[1] ?? process.env.AWS_REGION;
}

await runCommand(usage, async (args) => {
  const { api, port = '8080', ...more } = readOptions(args, names, ['api']);
  const region = more.region ?? regionIn(api);
  if (!URL.canParse(api)) throw new UsageError(`--api ${api}: give the address of the HTTP API`);
  if (!region) throw new UsageError('give --region: the address does not say it');
  if (!/^\d{1,5}$/.test(port)) throw new UsageError(`--port ${port}: give a port`);
  const place = { api, port, sign: signer(region) };
  const server = createServer((request, response) => {
    answer(request, response, place).catch((error: Error) =>
      refuse(response, 502, `The API gave no answer: ${error.message}`),
    );
  });
  server.listen(Number(port), '127.0.0.1');
  await once(server, 'listening');
  place.port = String((server.address() as AddressInfo).port);
  process.stdout.write(`http://127.0.0.1:${place.port}/runs  shows the runs until Ctrl-C\n`);
  await once(server, 'close');
  return 0;
});
