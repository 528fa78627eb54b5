import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sealWith, verifyWith } from '../../functions/aws/kms.ts';
import { findOpenToken } from '../../functions/aws/step-functions/open-token.ts';
import { verifyApprovals } from '../../functions/domain/approval/decision.ts';
import type { Claims } from '../../functions/domain/approval/link.ts';
import type { OpenQuestion } from '../../functions/domain/approval/question.ts';
import { sealedText } from '../../functions/domain/approval/seal.ts';
import { VirtualClock } from '../../packages/local-aws/virtual-clock.ts';
import { openCode, sealCode } from './code.ts';
import { makeDeployment, makeRequest, makeWindow } from './facts.ts';
import type { Question } from './question.ts';
import { Stage } from './stage.ts';
import { goodForm, readSaw, Visitor } from './visitor.ts';

let clock: VirtualClock;
let stage: Stage;
let visitor: Visitor;

beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 10, 21, 14));
  stage = new Stage(clock);
  visitor = new Visitor(stage.endpoint, stage.sns);
});
afterEach(() => stage.close());

interface Scene {
  run: string;
  question: Question;
}

/** Plays an attack on a run that waits; whatever it does, nothing may have been decided at its end. */
function attack(work: (scene: Scene) => Promise<void>): Promise<void> {
  return clock.run(async () => {
    const run = stage.start({ name: 'target' });
    const question = await stage.question(run);
    await work({ run, question });
    await clock.sleep(5_000);
    expect(stage.isRunning(run)).toBe(true);
    expect(stage.logs.filter((line) => line.includes('approval.decided'))).toEqual([]);
  });
}

/** A link that we would seal like this, with a change. */
async function changeCode(claims: Partial<Claims>, { decideCode }: Question): Promise<string> {
  return sealCode({ ...(await openCode(decideCode)), ...claims });
}

/** Every kind of link that leads nowhere. */
const badLinks: [string, (scene: Scene) => Promise<string> | string][] = [
  ['nothing', () => ''],
  ['no code', () => 'hello'],
  [
    'a code that was made up',
    () => `${Buffer.from('["decide",9999999999,"p","g","e"]').toString('base64url')}.${'A'.repeat(43)}`,
  ],
  ['a code without a seal', ({ question }) => question.decideCode.split('.')[0] ?? ''],
  [
    'a seal of another link',
    ({ question }) => `${question.decideCode.split('.')[0]}.${question.stopCode.split('.')[1]}`,
  ],
  [
    'edited claims',
    async ({ question }) => {
      const [, seal] = question.decideCode.split('.');
      const [written] = (await changeCode({ group: 'others' }, question)).split('.');
      return `${written}.${seal}`;
    },
  ],
  [
    'a seal made for another purpose',
    async ({ question }) => {
      const [written = ''] = question.decideCode.split('.');
      return `${written}.${await sealWith(process.env.LINK_KEY_ID ?? '')(sealedText('decision', written))}`;
    },
  ],
  ['an expired link', ({ question }) => changeCode({ expires: Math.floor(clock.now() / 1000) }, question)],
  ['a run that does not exist', ({ question }) => changeCode({ execution: 'no-such-run' }, question)],
  [
    'a run of another machine',
    ({ question }) => changeCode({ execution: 'x:execution:other:target' }, question),
  ],
  ['a group that was not asked', ({ question }) => changeCode({ group: 'others' }, question)],
  ['a link for another plan', ({ question }) => changeCode({ plan: 'AAAAAAAAAAAAAAAAAAAAAA' }, question)],
  ['a code of 100,000 letters', () => 'A'.repeat(100_000)],
  ['a good code twice', ({ question }) => `${question.decideCode}&${question.decideCode}`],
  ['a good code beside another parameter', ({ question }) => `${question.decideCode}&utm_source=mail`],
  ['a good code with a value', ({ question }) => `${question.decideCode}=1`],
];

describe('a bad link', () => {
  it.each(badLinks)('%s gets the one answer of all bad links, to GET and to POST', (_kind, makeCode) =>
    attack(async (scene) => {
      const code = await makeCode(scene);
      const reference = await visitor.get('nonsense');
      expect(reference.status).toBe(404);
      expect(await visitor.get(code)).toEqual(reference);
      expect(await visitor.post(code, { ...goodForm, saw: 'x' })).toEqual(reference);
      const head = await visitor.get(code, 'HEAD');
      expect({ ...head, text: reference.text }).toEqual(reference);
    }),
  );

  it('is answered at the same moment, whatever is bad about it', () =>
    attack(async (scene) => {
      for (const [, makeCode] of badLinks) {
        const code = await makeCode(scene);
        const begun = clock.now();
        await visitor.get(code);
        expect(clock.now() - begun).toBe(1_000);
      }
    }));

  it('is what a closed question has', () =>
    clock.run(async () => {
      const window = makeWindow(clock.now());
      const run = stage.start({ window });
      const { decideCode } = await stage.question(run);
      stage.world.status = 'INVALID_CONFIGURATION';
      await stage.ended(run);
      expect(await visitor.get(decideCode)).toEqual(await visitor.get('nonsense'));
    }));
});

describe('a good link in the wrong hands', () => {
  it('of one run does not decide another', () =>
    clock.run(async () => {
      const first = stage.start({ name: 'first' });
      const { decideCode } = await stage.question(first);
      await visitor.decide(decideCode);
      await stage.ended(first);
      const second = stage.start({ name: 'second' });
      await stage.question(second);
      expect((await visitor.post(decideCode, { ...goodForm, saw: '' })).text).toContain('no effect');
      expect(stage.isRunning(second)).toBe(true);
    }));

  it('of one group does not decide for another', () =>
    clock.run(async () => {
      const run = stage.start({
        request: makeRequest({ approval: { groups: [{ name: 'dba' }, { name: 'owners' }] } }),
      });
      const { decideCode } = await stage.question(run, 'dba');
      await stage.question(run, 'owners');
      await visitor.decide(decideCode);
      await visitor.decide(decideCode);
      expect(stage.isRunning(run)).toBe(true);
    }));
});

describe('a request that is no form of the page', () => {
  const form = 'application/x-www-form-urlencoded';
  const cases: [string, Parameters<Visitor['post']>[2] & { form?: Record<string, string> }, number][] = [
    ['without Origin', { headers: { origin: '' } }, 403],
    ['from another origin', { headers: { origin: 'https://evil.test' } }, 403],
    ['from the null origin', { headers: { origin: 'null' } }, 403],
    ['with two origins', { headers: { origin: 'https://page.test, https://evil.test' } }, 403],
    ['over http', { headers: { origin: 'http://page.test' } }, 403],
    ['from another site, by the browser', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    ['as JSON', { headers: { 'content-type': 'application/json' }, body: '{"answer":"approve"}' }, 415],
    ['as plain text', { headers: { 'content-type': 'text/plain' } }, 415],
    ['as several parts', { headers: { 'content-type': 'multipart/form-data; boundary=x' } }, 415],
    ['without a content type', { headers: { 'content-type': '' } }, 415],
    ['with two content types', { headers: { 'content-type': `${form}, text/plain` } }, 415],
    ['with a reason of 20,000 letters', { body: `answer=approve&reason=${'x'.repeat(20_000)}` }, 413],
    ['of 20,000 bytes', { body: 'x'.repeat(20_000) }, 413],
    ['with an answer twice', { body: 'answer=reject&answer=approve' }, 400],
    ['with a field that we do not have', { body: 'answer=approve&admin=1' }, 400],
    ['with another answer', { body: 'answer=yes' }, 400],
    ['without an answer', { body: 'name=Bob' }, 400],
    ['empty', { body: '' }, 400],
    ['with a prototype for a field', { body: 'answer=approve&__proto__=x' }, 400],
    ['with a field of 1,001 letters', { body: `answer=approve&name=${'x'.repeat(1_001)}` }, 400],
  ];
  it.each(cases)('%s decides nothing', (_what, change, status) =>
    attack(async ({ question }) => {
      const saw = readSaw((await visitor.get(question.decideCode)).text);
      const answer = await visitor.post(question.decideCode, { ...goodForm, saw }, change);
      expect(answer.status).toBe(status);
      expect(stage.logs.some((line) => line.includes('page.refused'))).toBe(true);
      expect(await visitor.post('nonsense', { ...goodForm, saw }, change)).toEqual(answer);
    }),
  );

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'get'])('%s is not a method here', (method) =>
    attack(async ({ question }) => {
      const answer = await visitor.send({ method, query: question.decideCode });
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBe('GET, HEAD, POST');
    }),
  );
});

describe('every answer', () => {
  it('has the guarding headers and no others that could help', () =>
    attack(async ({ question }) => {
      const answers = [
        await visitor.get(question.decideCode),
        await visitor.get(question.stopCode),
        await visitor.get('nonsense'),
        await visitor.post(question.decideCode, {}),
        await visitor.send({ method: 'PUT' }),
      ];
      for (const { headers } of answers) {
        expect(headers['content-security-policy']).toMatch(
          /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
        );
        expect(headers).toMatchObject({
          'strict-transport-security': 'max-age=63072000; includeSubDomains',
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
          'referrer-policy': 'same-origin',
          'cache-control': 'no-store',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-resource-policy': 'same-origin',
          'x-robots-tag': expect.stringContaining('noindex'),
        });
        expect(
          Object.keys(headers).filter((name) => /server|powered|access-control|set-cookie/.test(name)),
        ).toEqual([]);
      }
    }));

  it('holds no script and nothing that is loaded', () =>
    attack(async ({ question }) => {
      const { text } = await visitor.get(question.decideCode);
      expect(text).not.toMatch(/<script|javascript:|\son\w+=|<img|<link|@import|url\(/i);
    }));
});

describe('injection', () => {
  const evil = `"><script>alert(1)</script><img src=x onerror=alert(2)>'"&\r\nSet-Cookie: a=b\r\n\r\n<h1>`;

  it('through what a person types is shown as text and kept out of headers', () =>
    attack(async ({ question }) => {
      const answer = await visitor.decide(question.decideCode, { phrase: evil, name: evil, reason: evil });
      expect(answer.status).toBe(422);
      expect(answer.text).not.toMatch(/<script|<img|<h1>"/);
      expect(answer.text).toContain('&lt;script&gt;');
      expect(JSON.stringify(answer.headers)).not.toContain('a=b');
    }));

  it('through what the run knows is shown as text', () =>
    clock.run(async () => {
      const run = stage.start({
        request: makeRequest({ ticket: evil, requestedBy: evil }),
        deployment: makeDeployment({ differences: [evil] }),
        findings: [{ rule: 'x', severity: 'warning', message: evil }],
        tests: { testGreen: { verdict: evil, because: evil } },
      });
      const { decideCode, subject } = await stage.question(run);
      const { text } = await visitor.get(decideCode);
      expect(text).not.toMatch(/<script|<img/);
      expect(text).toContain('(script)alert(1)(/script)');
      expect(subject).not.toMatch(/[\r\n]/);
    }));

  it.each(Array.from({ length: 8 }, (_, index) => index * 32))(
    'no byte from %i on is reflected unescaped',
    (from) =>
      attack(async ({ question }) => {
        const bytes = String.fromCharCode(...Array.from({ length: 32 }, (_, index) => from + index));
        const clean = (await visitor.decide(question.decideCode, { phrase: 'x', name: 'Bob ', reason: 'r' }))
          .text;
        const { text } = await visitor.decide(question.decideCode, {
          phrase: 'x',
          name: `Bob ${bytes}`,
          reason: `r${bytes}`,
        });
        const markup = (page: string) =>
          page.match(/<[^>]*>/g)?.map((tag) => tag.replace(/value="[^"]*"/, ''));
        expect(markup(text)).toEqual(markup(clean));
      }),
  );

  it('in a recorded decision stays text', () =>
    clock.run(async () => {
      const { decideCode } = await stage.question(stage.start());
      const { text } = await visitor.decide(decideCode, { name: `Bob ${evil}`.slice(0, 100), reason: evil });
      expect(text).toContain('Approved');
      expect(text).not.toMatch(/<script|<img/);
    }));
});

describe('a task token in the wrong hands', () => {
  it('moves the run, but the page shows no decision and the final check believes none', () =>
    clock.run(async () => {
      const run = stage.start();
      const { decideCode } = await stage.question(run);
      const open = await findOpenToken({ executionArn: run, kind: 'approval', group: 'approvers' });
      if (!open) throw new Error('no token is open');
      const { window, askedAt, deployment } = open.parameters as unknown as OpenQuestion;
      const forged = {
        decision: 'approve',
        execution: run,
        group: 'approvers',
        by: 'Mallory',
        identified: 'authenticated',
        at: new Date(clock.now()).toISOString(),
        askedAt,
        answerBy: window.approveBy,
        tookSeconds: 1,
        planHash: deployment.planHash,
        sawDigest: 'AAAAAAAAAAAAAAAAAAAAAA',
        reason: null,
        statement: null,
        seal: 'A'.repeat(43),
      };
      stage.states.sendTaskSuccess(open.token, JSON.stringify(forged));
      const { approval } = await stage.ended(run);
      expect(approval?.decisions).toEqual([forged]);
      expect(await visitor.get(decideCode)).toEqual(await visitor.get('nonsense'));
      const verdict = await verifyApprovals({
        executionArn: run,
        request: makeRequest(),
        deployment: makeDeployment(),
        window,
        approval,
        now: clock.now(),
        verifySeal: verifyWith(process.env.DECISION_KEY_ID ?? ''),
      });
      expect(verdict).toMatchObject({ kind: 'no', because: expect.stringContaining('seal') });
    }));
});

describe('many at once', () => {
  it('50 posts, some yes and some no, make one decision, and all others hear of it', () =>
    clock.run(async () => {
      const run = stage.start();
      const { decideCode } = await stage.question(run);
      const saw = readSaw((await visitor.get(decideCode)).text);
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          visitor.post(decideCode, {
            ...goodForm,
            saw,
            answer: index % 2 === 0 ? 'approve' : 'reject',
            name: `Person N${'abcdefghij'[index % 10]}${'abcde'[Math.floor(index / 10)]}`,
            reason: 'because',
          }),
        ),
      );
      const mine = answers.filter(({ text }) => text.includes('Your decision is recorded'));
      expect(mine).toHaveLength(1);
      const record = /Person N\w+/.exec(mine[0]?.text ?? '')?.[0] ?? '';
      const others = answers.filter(({ text }) => text.includes('Your answer had no effect'));
      expect(others).toHaveLength(49);
      expect(others.every(({ text }) => text.includes(record))).toBe(true);
      const { approval, error } = await stage.ended(run);
      expect(error === 'BlueGreen.ApprovalDenied' || approval?.decisions[0]?.by === record).toBe(true);
      expect(stage.logs.filter((line) => line.includes('approval.decided'))).toHaveLength(1);
    }));
});

describe('secrets', () => {
  it('no token, link or seal stands in a log line, an answer or a message that should not have it', () =>
    clock.run(async () => {
      const run = stage.start({
        request: makeRequest({ approval: { groups: [{ name: 'dba' }, { name: 'owners' }] } }),
      });
      const dba = await stage.question(run, 'dba');
      const owners = await stage.question(run, 'owners');
      const pages = [
        await visitor.get(dba.decideCode),
        await visitor.post(dba.decideCode, {}),
        await visitor.decide(dba.decideCode, { phrase: 'wrong' }),
        await visitor.decide(dba.decideCode),
        await visitor.get(dba.decideCode),
        await visitor.get(`${owners.decideCode}x`),
      ];
      await clock.sleep(61_000);
      pages.push(await visitor.decide(owners.decideCode, { name: 'Carol Owner' }));
      await stage.ended(run);
      const history = stage.states.getExecutionHistory(run);
      const tokens = history.flatMap(({ taskScheduledEventDetails: details }) => {
        const { token } = JSON.parse(details?.parameters ?? '{}').Payload ?? {};
        return token ? [String(token)] : [];
      });
      const seals = JSON.stringify(history).match(/(?<=seal\\":\\")[\w-]{43}/g) ?? [];
      expect(tokens.length).toBeGreaterThan(2);
      expect(seals.length).toBeGreaterThan(1);
      const secrets = [...tokens, ...seals];
      const codes = [dba, owners].flatMap(({ decideCode, stopCode }) => [decideCode, stopCode]);
      const logged = stage.logs.join('\n');
      for (const secret of [...secrets, ...codes, ...codes.flatMap((code) => code.split('.'))])
        expect(logged).not.toContain(secret);
      const shown = pages.map(({ text, headers }) => text + JSON.stringify(headers)).join('\n');
      for (const secret of [...secrets, ...codes]) expect(shown).not.toContain(secret);
      const sent = JSON.stringify(stage.sns.messages);
      for (const secret of secrets) expect(sent).not.toContain(secret);
      expect(JSON.stringify(history)).not.toContain(dba.decideCode);
    }));
});
