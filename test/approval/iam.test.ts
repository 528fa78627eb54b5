import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signRequest } from '../../commands/sign.ts';
import { readProof } from '../../functions/domain/approval/proof.ts';
import type { DecideRequest, DecideResult } from '../../functions/http/protocol.ts';
import { ScaledClock } from '../../packages/local-aws/clock.ts';
import { VirtualClock } from '../../packages/local-aws/virtual-clock.ts';
import { makeRequest, makeWindow } from './facts.ts';
import { arnOf, proofOf, signedPost } from './signer.ts';
import { Stage } from './stage.ts';
import { Visitor } from './visitor.ts';

describe('a request that is signed for the route of IAM', () => {
  it('has the signature that AWS shows for its own example', async () => {
    const headers = await signRequest(
      {
        method: 'GET',
        url: new URL('https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08'),
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body: '',
      },
      { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
      { region: 'us-east-1', service: 'iam', at: new Date('2015-08-30T12:36:00Z') },
    );
    expect(headers.authorization).toContain(
      'SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    );
  });
});

describe('deciding with an identity', () => {
  let clock: VirtualClock;
  let stage: Stage;
  let visitor: Visitor;
  beforeEach(() => {
    clock = new VirtualClock(Date.UTC(2026, 10, 21, 14));
    stage = new Stage(clock);
    visitor = new Visitor(stage.endpoint, stage.sns);
  });
  afterEach(() => stage.close());

  /** Posts as the command does; the local API takes the key id for the user's name, and STS verifies who has signed. */
  async function call(
    user: string,
    body: unknown,
    proof?: string,
  ): Promise<{ status: number; answer: DecideResult }> {
    const text = JSON.stringify(body);
    const { status, text: said } = await visitor.send(await signedPost(user, text, clock.now(), proof));
    return { status, answer: JSON.parse(said) as DecideResult };
  }

  async function answer(user: string, execution: string, change: object = {}) {
    const shown = await call(user, { execution, group: 'approvers', act: { kind: 'show' } });
    const saw = shown.answer.kind === 'question' ? shown.answer.view.saw : '';
    const act = { kind: 'answer', answer: 'approve', reason: '', saw, ...change };
    return call(user, { execution, group: 'approvers', act });
  }

  it('records who it was, as AWS says, without a name to type', () =>
    clock.run(async () => {
      const run = stage.start();
      await stage.question(run);
      expect((await answer('BOB', run)).answer).toMatchObject({ kind: 'decided', yours: true });
      expect((await stage.ended(run)).approval?.decisions[0]).toMatchObject({
        by: 'arn:aws:iam::111122223333:user/BOB',
        identified: 'authenticated',
      });
    }));

  it('is shown which database it is, as on the page', () =>
    clock.run(async () => {
      const run = stage.start();
      const { decideCode } = await stage.question(run);
      const { answer } = await call('BOB', { execution: run, group: 'approvers', act: { kind: 'show' } });
      const evidence = answer.kind === 'question' ? answer.view.evidence : [];
      expect(evidence[0]).toMatchObject({ key: 'database', value: expect.stringContaining('orders-eu') });
      expect((await visitor.get(decideCode)).text).toContain('orders-eu');
    }));

  it('goes through the same checks', () =>
    clock.run(async () => {
      const run = stage.start({ request: makeRequest({ requestedBy: 'BOB' }) });
      await stage.question(run);
      expect(await answer('bob', run)).toMatchObject({
        status: 422,
        answer: { problems: { by: expect.any(String) } },
      });
      expect(await answer('carol', run, { answer: 'reject' })).toMatchObject({ status: 422 });
      expect(await answer('carol', run, { saw: 'never shown' })).toMatchObject({ status: 422 });
      expect((await answer('carol', `${run}-other`)).status).toBe(404);
      expect((await answer('carol', 'arn:aws:states:eu-west-1:111122223333:execution:other:x')).status).toBe(
        404,
      );
      expect((await answer('', run)).status).toBe(403);
      expect(stage.isRunning(run)).toBe(true);
    }));

  it('ends with the time to answer, also while the last tick is still open', () =>
    clock.run(async () => {
      const window = makeWindow(clock.now(), 102 / 3_600);
      const run = stage.start({ window });
      await stage.question(run);
      await clock.sleep(Date.parse(window.approveBy) - clock.now());
      expect(stage.isRunning(run)).toBe(true);
      expect((await answer('BOB', run)).status).toBe(404);
      expect(await stage.ended(run)).toMatchObject({ error: 'BlueGreen.NotReadyInTime' });
    }));

  it('is for runs of this state machine only', () =>
    clock.run(async () => {
      const run = stage.start();
      await stage.question(run);
      process.env.STATE_MACHINE_ARN = `${process.env.STATE_MACHINE_ARN}-other`;
      expect((await answer('BOB', run)).status).toBe(404);
      expect(stage.isRunning(run)).toBe(true);
    }));

  it('may stop the run', () =>
    clock.run(async () => {
      const run = stage.start();
      await stage.question(run);
      const stop = { execution: run, group: 'approvers', act: { kind: 'stop', reason: 'wrong day' } };
      expect((await call('BOB', stop)).answer).toMatchObject({ kind: 'stopped', yours: true });
      expect(await stage.ended(run)).toMatchObject({ error: 'BlueGreen.StopRequested' });
    }));

  it.each([
    ['no JSON', '{'],
    ['another decision', { act: { kind: 'answer', answer: 'yes', reason: '', saw: '' } }],
    ['no act', {}],
    ['a reason that is no text', { act: { kind: 'stop', reason: 7 } }],
  ])('does not read %s', (_what, change) =>
    clock.run(async () => {
      const body = typeof change === 'string' ? change : { execution: 'arn:', group: 'approvers', ...change };
      expect((await call('BOB', body)).status).toBe(400);
    }),
  );

  describe('whoever may invoke the functions and forges what the API would say', () => {
    const other = 'arn:aws:iam::999999999999:user/BOB';

    async function invoke(by: string, text: string, header: string): Promise<string> {
      const proof = readProof(header);
      if (!proof) return 'no proof';
      const request: DecideRequest = { via: 'iam', by, text, proof };
      const result = await stage.lambda.invoke('decide', request);
      return 'payload' in result ? (result.payload as DecideResult).kind : 'failed';
    }

    const show = (execution: string) =>
      JSON.stringify({ execution, group: 'approvers', act: { kind: 'show' } });

    it('acts in the name of whoever has signed, and in no other', () =>
      clock.run(async () => {
        const run = stage.start();
        await stage.question(run);
        const text = show(run);
        const proof = await proofOf('EVE', text, clock.now());
        expect(await invoke(arnOf('EVE'), text, proof)).toBe('question');
        expect(await invoke(arnOf('BOB'), text, proof)).toBe('void');
        expect(await invoke(other, text, proof)).toBe('void');
      }));

    it('cannot use what somebody has signed for something else', () =>
      clock.run(async () => {
        const run = stage.start();
        await stage.question(run);
        const shown = await proofOf('BOB', show(run), clock.now());
        const stop = JSON.stringify({
          ...JSON.parse(show(run)),
          act: { kind: 'stop', reason: 'wrong day' },
        });
        expect(await invoke(arnOf('BOB'), stop, shown)).toBe('void');
        expect(await invoke(arnOf('BOB'), `${show(run)} `, shown)).toBe('void');
        expect(stage.isRunning(run)).toBe(true);
      }));

    it('cannot use it later, nor with a signature that leaves out the act', () =>
      clock.run(async () => {
        const run = stage.start();
        await stage.question(run);
        const text = show(run);
        const proof = await proofOf('BOB', text, clock.now());
        await clock.sleep(16 * 60_000);
        expect(await invoke(arnOf('BOB'), text, proof)).toBe('void');
        const { authorization = '', date = '' } = readProof(proof) ?? {};
        const loose = { authorization: authorization.replace(';x-viridian-act', ''), date };
        expect(readProof(Buffer.from(JSON.stringify(loose)).toString('base64url'))).toBeUndefined();
        expect(await call('BOB', JSON.parse(text), 'e30')).toMatchObject({ status: 403 });
      }));

    it('cannot let somebody through the API with what another one has signed', () =>
      clock.run(async () => {
        const run = stage.start();
        await stage.question(run);
        const text = show(run);
        const proof = await proofOf('BOB', text, clock.now());
        expect((await call('EVE', JSON.parse(text), proof)).status).toBe(404);
      }));

    it('counts an identity of another account as nobody', () =>
      clock.run(async () => {
        const run = stage.start();
        await stage.question(run);
        const text = show(run);
        process.env.STATE_MACHINE_ARN = process.env.STATE_MACHINE_ARN?.replace(
          '111122223333',
          '999999999999',
        );
        expect(await invoke(arnOf('BOB'), text, await proofOf('BOB', text, clock.now()))).toBe('void');
      }));

    it.each([
      ['InternalFailure', 500],
      ['Throttling', 400],
    ])('hears "later" while STS answers %s', (code, status) =>
      clock.run(async () => {
        const run = stage.start();
        await stage.question(run);
        stage.stsRefuses = { code, status };
        const text = show(run);
        expect(await invoke(arnOf('BOB'), text, await proofOf('BOB', text, clock.now()))).toBe('later');
      }),
    );
  });

  it('needs the phrase of whoever has only a link, also where the page asks without one', () =>
    clock.run(async () => {
      const run = stage.start();
      const { decideCode } = await stage.question(run);
      const saw = /name="saw" value="([^"]*)"/.exec((await visitor.get(decideCode)).text)?.[1] ?? '';
      const act = { kind: 'answer', answer: 'approve', by: 'Bob Example', reason: '', saw } as const;
      const result = await stage.lambda.invoke('decide', { via: 'link', code: decideCode, act });
      expect(result).toMatchObject({
        payload: { kind: 'question', problems: { phrase: expect.any(String) } },
      });
    }));
});

describe('npm run approve', () => {
  it('shows the facts and decides over the local endpoint', async () => {
    const stage = new Stage(new ScaledClock());
    const server = await stage.endpoint.listen(0);
    try {
      const run = stage.start();
      await stage.question(run);
      const command = (...args: string[]) =>
        promisify(execFile)(
          process.execPath,
          [
            'commands/approve.ts',
            '--endpoint',
            server.url,
            '--execution',
            run,
            '--group',
            'approvers',
            ...args,
          ],
          {
            env: {
              ...process.env,
              AWS_ACCESS_KEY_ID: 'BOB',
              AWS_SECRET_ACCESS_KEY: 'secret of BOB',
              AWS_REGION: 'eu-west-1',
            },
          },
        );
      const shown = await command();
      expect(shown.stdout).toContain('PostgreSQL 15.8 -> 17.2');
      expect(stage.isRunning(run)).toBe(true);
      await expect(command('--decision', 'reject')).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('Say why'),
      });
      await expect(command('--decision', 'maybe')).rejects.toMatchObject({ code: 2 });
      expect((await command('--decision', 'approve', '--reason', 'looks good')).stdout).toContain(
        'approve: recorded. By arn:aws:iam',
      );
      expect((await stage.ended(run)).approval?.decisions[0]).toMatchObject({
        identified: 'authenticated',
        reason: 'looks good',
      });
      await expect(command('--decision', 'approve')).rejects.toMatchObject({ code: 1 });
    } finally {
      await server.close();
      stage.close();
    }
  });
});
