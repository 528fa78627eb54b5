import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Site } from '../browser/site.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A command as a person starts it, whose output can be waited for. */
function start(command: string, args: string[], environment: Record<string, string> = {}) {
  const child: ChildProcess = spawn(process.execPath, [`commands/${command}.ts`, ...args], {
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'AKIAREADER0000000000',
      AWS_SECRET_ACCESS_KEY: 'test',
      ...environment,
    },
  });
  closing.push(() => child.kill());
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += text));
  return {
    says: async (text: RegExp): Promise<string[]> => {
      await expect.poll(() => output, { timeout: 60_000 }).toMatch(text);
      return text.exec(output) ?? [];
    },
    ended: async () => ({ code: child.exitCode ?? ((await once(child, 'exit'))[0] as number), output }),
  };
}

it('npm run watch draws a run until it ends, and says where there is none', async () => {
  const site = await Site.open();
  closing.push(() => site.close());
  const { run, url } = await site.ask();
  const local = { AWS_ENDPOINT_URL: new URL(url).origin };
  const watch = start('watch', ['--execution', run], local);
  const unknown = start('watch', ['--execution', `${run}-not`], local);
  await watch.says(/waits for an answer of group approvers/);
  await site.stage.states.stopExecution(run);
  expect(await watch.ended()).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^ABORTED$|: ABORTED$/m),
  });
  expect(await unknown.ended()).toMatchObject({ code: 1, output: expect.stringContaining('does not exist') });
});

it('npm run pages signs what a browser asks, and hands on the pages of runs alone', async () => {
  const asked: IncomingMessage[] = [];
  const api = createServer((incoming, response) => {
    asked.push(incoming);
    response.writeHead(200, { 'content-security-policy': "default-src 'none'" }).end('a page');
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  closing.push(() => api.close());
  const { port } = api.address() as AddressInfo;
  const pages = start('pages', ['--api', `http://127.0.0.1:${port}`, '--region', 'eu-west-1', '--port', '0']);
  const own = (await pages.says(/127\.0\.0\.1:(\d+)\/runs {2}shows the runs/))[1];

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<{ status: number | undefined; policy: unknown }>((resolve, reject) => {
      request({ host: '127.0.0.1', port: own, path, method, headers }, (response) => {
        response.resume();
        resolve({ status: response.statusCode, policy: response.headers['content-security-policy'] });
      })
        .on('error', reject)
        .end();
    });

  expect(await get('/runs/one?still=yes')).toEqual({ status: 200, policy: "default-src 'none'" });
  expect(asked[0]?.url).toBe('/runs/one?still=yes');
  expect(asked[0]?.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIAREADER.*\/eu-west-1\/execute-api\//,
  );
  for (const path of ['/decide', '/approval', '/runs/../decide', '/runs/a/b', '//evil.example/runs'])
    expect((await get(path)).status).toBe(404);
  expect((await get('/runs', {}, 'POST')).status).toBe(404);
  expect((await get('/runs', { host: `evil.example:${own}` })).status).toBe(403);
  expect(asked.length).toBe(1);
});
