import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useLogSink } from '../../functions/runtime/log.ts';
import { describeFailure, during } from '../../functions/sql/postgres/failure.ts';
import { handler } from '../../functions/sql/postgres.ts';
import { Refused } from '../../functions/sql/refused.ts';
import { configureSql } from '../../functions/sql/settings.ts';
import { freePort } from '../../packages/local-aws/servers/free-port.ts';

describe('a failure that is told', () => {
  it('says what was being done and what the code means, and nothing that the driver said', async () => {
    const driver = Object.assign(new Error('duplicate key (name)=(canary)'), {
      code: '55P03',
      detail: 'Key (name)=(canary) exists',
    });
    const failure = await during('making the slot', () => Promise.reject(driver)).catch((error) => error);
    expect(describeFailure(failure)).toEqual({
      code: '55P03',
      because: 'making the slot: a lock was not free in time (55P03)',
    });
  });

  it('keeps the innermost text, and lets refusals pass', async () => {
    const inner = during('outer', () => during('inner', () => Promise.reject(new TypeError('canary'))));
    expect(describeFailure(await inner.catch((error) => error))).toEqual({
      code: 'TypeError',
      because: 'inner: the database said no (TypeError)',
    });
    await expect(
      during('outer', () => Promise.reject(new Refused('writers', 'somebody writes'))),
    ).rejects.toThrow('somebody writes');
  });

  it.each([
    [new Error('timeout expired'), 'no-answer'],
    [undefined, 'no-answer'],
    ['canary', 'no-answer'],
  ])('knows a code for %s', (thrown, code) => {
    expect(describeFailure(thrown).code).toBe(code);
  });
});

describe('the function', () => {
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    useLogSink((line) => lines.push(line));
  });
  afterEach(() => {
    configureSql(undefined);
    useLogSink(undefined);
  });
  const question = (port: number) => ({
    ask: 'leftovers' as const,
    executionArn: 'arn:aws:states:eu-west-1:123456789012:execution:machine:run-1',
    login: { user: 'viridian' },
    resourceId: 'db-TEST',
    is: null,
    host: '127.0.0.1',
    port,
    databases: ['app'],
    applicationRoles: [],
  });
  const signIn = async () => ({ user: 'viridian', password: 'canary-password' });

  it('answers a failure instead of throwing, and logs no password', async () => {
    configureSql({ credentials: signIn, tls: 'off' });
    const reply = await handler(question(await freePort()));
    expect(reply).toEqual({
      kind: 'failed',
      code: 'ECONNREFUSED',
      because: 'signing in to database app at 127.0.0.1: nothing listens there (ECONNREFUSED)',
    });
    expect(lines.join('\n')).toContain('Database: leftovers');
    expect(lines.join('\n') + JSON.stringify(reply)).not.toContain('canary');
  });

  it('gives up a server that falls silent after the sign-in, as one does that fails over', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      // "Authentication is done" and "ready for a query"; nothing after that.
      socket.once('data', () => socket.write(Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1')));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    configureSql({ credentials: signIn, tls: 'off' });
    const reply = await handler(question((server.address() as AddressInfo).port));
    server.close();
    expect(reply).toEqual({
      kind: 'failed',
      code: 'no-answer',
      because: 'in database app at 127.0.0.1: no answer came in time (no-answer)',
    });
  });

  it('knows its questions', () => {
    expect(() => handler({ ...question(1), ask: 'drop' } as never)).toThrow(/known are .*facts/);
  });
});
