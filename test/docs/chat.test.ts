import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readPost, type SnsEvent } from '../../docs/examples/chat/announcement.ts';
import { handler as slack } from '../../docs/examples/chat/slack.ts';
import { handler as teams } from '../../docs/examples/chat/teams.ts';
import { handler as hook } from '../../docs/examples/hooks/chat.ts';
import type { composeAnnouncement } from '../../functions/domain/announcement/list.ts';
import { lettersOf } from '../domain/announcement/facts.ts';
import { eventAt } from '../hooks/event.ts';

let server: Server;
let taken: string[] = [];
let status = 200;
const secrets = mockClient(SecretsManagerClient);

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      taken.push(body);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  process.env.WEBHOOK_SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:chat';
  secrets.on(GetSecretValueCommand).resolves({ SecretString: `http://127.0.0.1:${port}/hook\n` });
});
afterAll(() => {
  secrets.restore();
  delete process.env.WEBHOOK_SECRET;
  server.close();
});
beforeEach(() => {
  taken = [];
  status = 200;
});

/** As SNS hands a message to a function: the form for the protocol `lambda`. */
function eventOf({ subject, json, attributes }: ReturnType<typeof composeAnnouncement>): SnsEvent {
  return { Records: [{ Sns: { Subject: subject, Message: JSON.stringify({ ...attributes, ...json }) } }] };
}

describe.each([
  ['slack', slack],
  ['teams', teams],
] as const)('the forwarder to %s', (name, forward) => {
  it.each(lettersOf(name))(
    'posts "%s" with its subject, its links and each command whole',
    async (_, letter) => {
      await forward(eventOf(letter));
      const [body = ''] = taken;
      const said = JSON.stringify(JSON.parse(body)).replaceAll('\\\\', '').replaceAll('\\', '');
      expect(said).toContain(letter.subject);
      const { commands, links } = letter.json as {
        commands: string[];
        links: { run: string; runbook: string[] };
      };
      for (const url of [links.run, ...links.runbook]) expect(said).toContain(url);
      for (const command of commands) expect(said).toContain(command);
      await forward(eventOf(letter));
      expect(taken).toHaveLength(1);
    },
  );

  it('fails where the chat does not take it, so that Lambda tries again, and names no address', async () => {
    status = 429;
    const event = eventOf({
      subject: 'x',
      text: '',
      json: {},
      attributes: { kind: 'x', severity: 'OK', id: `${name}-429` },
    });
    await expect(forward(event)).rejects.toThrow(/^the chat did not take the message: HTTP 429$/);
    status = 200;
    await forward(event);
    expect(taken).toHaveLength(2);
  });

  it('posts what is no announcement, such as an alarm, as it is', async () => {
    await forward({ Records: [{ Sns: { Subject: 'ALARM', Message: 'Threshold <crossed>' } }] });
    expect(taken.join()).toMatch(/ALARM.*Threshold (<crossed>|&lt;crossed&gt;)/);
  });
});

it('a post has what an outcome says, in its order', () => {
  const Message = JSON.stringify({
    ...{
      kind: 'outcome',
      severity: 'PAGE',
      id: '1',
      links: { run: 'https://a', runbook: ['docs/runbook.md'] },
    },
    ...{ happened: ['h'], writable: ['w'], next: ['n'] },
  });
  expect(readPost({ Subject: '[PAGE] x', Message })).toEqual({
    ...{ id: '1', subject: '[PAGE] x', severity: 'PAGE', lines: ['h', 'w', 'n'], commands: [] },
    links: [{ title: 'Execution', url: 'https://a' }],
  });
});

it('a hook posts that a stage has come, and lets the cut go on where the chat does not take it', async () => {
  expect(await hook(eventAt('stopWrites'))).toMatchObject({
    verdict: 'pass',
    because: 'the message was posted',
  });
  expect(taken.join()).toContain('shop: writes stop: the switchover begins');
  status = 500;
  expect(await hook(eventAt('resumeWrites'))).toMatchObject({
    verdict: 'pass',
    because: 'the message was not posted: the chat did not take the message: HTTP 500',
  });
});
