import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../packages/local-aws/virtual-clock.ts';
import { AwsError } from '../../packages/local-aws/wire/service.ts';
import { openCode, sealCode } from './code.ts';
import { makeDeployment, makeRequest, makeWindow } from './facts.ts';
import { Stage } from './stage.ts';
import { goodForm, Visitor } from './visitor.ts';

let clock: VirtualClock;
let stage: Stage;
let visitor: Visitor;

beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 10, 21, 14));
  stage = new Stage(clock);
  visitor = new Visitor(stage.endpoint, stage.sns);
});
afterEach(() => stage.close());

/** Plays a story in virtual time. */
const play = (story: () => Promise<void>) => clock.run(story);

const twoGroups = () => makeRequest({ approval: { groups: [{ name: 'dba' }, { name: 'owners' }] } });

describe('a person who approves', () => {
  it('ends the wait with a sealed record', () =>
    play(async () => {
      const run = stage.start();
      const { decideCode } = await stage.question(run);
      await clock.sleep(600_000);
      const page = await visitor.decide(decideCode, { reason: 'tests are good' });
      expect(page.status).toBe(200);
      expect(page.text).toContain('Your decision is recorded');
      const [decision] = (await stage.ended(run)).approval?.decisions ?? [];
      expect(decision).toMatchObject({
        decision: 'approve',
        execution: run,
        group: 'approvers',
        by: 'Bob Example',
        identified: 'attested',
        reason: 'tests are good',
        planHash: makeDeployment().planHash,
        seal: expect.stringMatching(/^[\w-]{43}$/),
      });
      expect(decision?.tookSeconds).toBeGreaterThanOrEqual(600);
    }));

  it('is one of several: every group must say yes', () =>
    play(async () => {
      const run = stage.start({ request: twoGroups() });
      const dba = await stage.question(run, 'dba');
      const owners = await stage.question(run, 'owners');
      expect((await visitor.decide(dba.decideCode)).text).toContain('Approved');
      expect(stage.isRunning(run)).toBe(true);
      await visitor.decide(owners.decideCode, { name: 'Carol Owner' });
      const { approval } = await stage.ended(run);
      expect(approval?.decisions.map(({ group, by }) => [group, by])).toEqual([
        ['dba', 'Bob Example'],
        ['owners', 'Carol Owner'],
      ]);
    }));

  it.each([0, 28_000, 29_500, 29_990, 30_010, 31_000])(
    'is heard %i ms into the wait, also between two attempts',
    (wait) =>
      play(async () => {
        const run = stage.start();
        const { decideCode } = await stage.question(run);
        await clock.sleep(wait);
        expect((await visitor.decide(decideCode)).status).toBe(200);
        expect((await stage.ended(run)).approval?.decisions).toHaveLength(1);
      }),
  );
});

describe('a person who rejects', () => {
  it('ends the question for all groups, with who and why in the cause', () =>
    play(async () => {
      const run = stage.start({ request: twoGroups() });
      const { decideCode } = await stage.question(run, 'dba');
      const other = await stage.question(run, 'owners');
      await visitor.decide(decideCode, { answer: 'reject', reason: 'month end' });
      expect(await stage.ended(run)).toEqual({
        error: 'BlueGreen.ApprovalDenied',
        cause: 'group dba said no. Bob Example (attested) rejected it: month end',
      });
      expect((await visitor.get(other.decideCode)).status).toBe(404);
    }));

  it('must say why', () =>
    play(async () => {
      const { decideCode } = await stage.question(stage.start());
      const page = await visitor.decide(decideCode, { answer: 'reject' });
      expect(page.status).toBe(422);
      expect(page.text).toContain('Say why');
    }));
});

describe('what a person must type', () => {
  const wrong: [string, Record<string, string>, string][] = [
    ['other words', { phrase: 'lantern walnut pebble' }, 'not the three words'],
    ['the name of the database', { phrase: 'orders-eu' }, 'not the three words'],
    ['nothing as the phrase', { phrase: '' }, 'not the three words'],
    ['no name', { name: ' ' }, 'Give your name'],
    ['a name without letters', { name: '12345' }, 'Give your name'],
    ['the name of the requester', { name: 'Alice@Example.com' }, 'Somebody else has to decide'],
    ['the requester without the domain', { name: 'alice' }, 'Somebody else has to decide'],
    ['a reason that is too long', { reason: 'x'.repeat(501) }, 'too long'],
    ['facts that were never shown', { saw: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'Read them again'],
  ];
  it.each(wrong)('refuses %s', (_what, form, said) =>
    play(async () => {
      const run = stage.start();
      const { decideCode } = await stage.question(run);
      const page = await visitor.decide(decideCode, form);
      expect(page.status).toBe(422);
      expect(page.text).toContain(said);
      expect(stage.isRunning(run)).toBe(true);
    }),
  );

  it('does not depend on case or spaces', () =>
    play(async () => {
      const { decideCode, json } = await stage.question(stage.start());
      const phrase = `  ${String(json.typeToDecide).toUpperCase().replaceAll(' ', ' \u00a0 ')} `;
      expect((await visitor.decide(decideCode, { phrase })).status).toBe(200);
    }));

  it('is the phrase of the message that the link came with', () =>
    play(async () => {
      const run = stage.start();
      const { decideCode } = await stage.question(run);
      const other = await stage.question(stage.start({ name: 'other' }));
      const phrase = String(other.json.typeToDecide);
      expect((await visitor.decide(decideCode, { phrase })).status).toBe(422);
      expect(stage.isRunning(run)).toBe(true);
    }));
});

describe('one person', () => {
  it('approves for one group only, and is told so; another person approves for the other', () =>
    play(async () => {
      const run = stage.start({ request: twoGroups() });
      const dba = await stage.question(run, 'dba');
      const owners = await stage.question(run, 'owners');
      await visitor.decide(dba.decideCode);
      const page = await visitor.decide(owners.decideCode, { name: 'B\u043eb  Example' });
      expect(page.status).toBe(422);
      expect(page.text).toContain('has decided for group dba');
      expect(stage.isRunning(run)).toBe(true);
      await visitor.decide(owners.decideCode, { name: 'Carol Owner' });
      expect((await stage.ended(run)).approval?.decisions).toHaveLength(2);
    }));

  it('approves for both where the request says so', () =>
    play(async () => {
      const approval = { groups: [{ name: 'dba' }, { name: 'owners' }], distinctPeople: false };
      const run = stage.start({ request: makeRequest({ approval }) });
      const dba = await stage.question(run, 'dba');
      const owners = await stage.question(run, 'owners');
      await visitor.decide(dba.decideCode);
      await visitor.decide(owners.decideCode);
      expect((await stage.ended(run)).approval?.decisions).toHaveLength(2);
    }));
});

describe('a link that was forwarded', () => {
  it('lets the starter of the run decide nothing, and the attempt stands in the log', () =>
    play(async () => {
      const run = stage.start();
      const { decideCode } = await stage.question(run);
      for (const name of ['alice@example.com', 'ALICE', 'alice'])
        expect((await visitor.decide(decideCode, { name })).status).toBe(422);
      expect(stage.isRunning(run)).toBe(true);
      const attempts = stage.logs.filter((line) => line.includes('approval.refused'));
      expect(attempts).toHaveLength(3);
      for (const line of attempts)
        expect(JSON.parse(line)).toMatchObject({ group: 'approvers', why: 'form: by' });
      await visitor.decide(decideCode);
      expect((await stage.ended(run)).approval?.decisions[0]?.by).toBe('Bob Example');
    }));
});

describe('a run that takes identities of IAM only', () => {
  it('sends no links, and refuses one that is good otherwise', () =>
    play(async () => {
      const before = stage.start();
      const { decideCode } = await stage.question(before);
      const claims = await openCode(decideCode);
      const run = stage.start({
        name: 'known',
        request: makeRequest({ approval: { authenticatedOnly: true } }),
      });
      const { text, json } = await stage.question(run);
      expect(text).not.toContain('approval?');
      expect(text).toContain('identities that AWS knows');
      expect(json.typeToDecide).toBeUndefined();
      const code = await sealCode({ ...claims, execution: 'known' });
      expect((await visitor.get(code)).status).toBe(404);
      expect((await visitor.get(decideCode)).status).toBe(200);
    }));
});

describe('time', () => {
  it('reminds once, escalates once to the announcements without a link, and ends as a no', () =>
    play(async () => {
      const run = stage.start();
      expect(await stage.ended(run)).toEqual({
        error: 'BlueGreen.NotReadyInTime',
        cause: expect.stringContaining('did not answer'),
      });
      expect(stage.questions().map(({ occasion }) => occasion)).toEqual(['ask', 'remind', 'escalate']);
      const [announcement, ...more] = stage.questions(stage.topics.announcements);
      expect(more).toEqual([]);
      expect(announcement?.text).not.toContain('https://');
      expect(announcement?.json).not.toHaveProperty('decideLink');
    }));

  it('voids a link in the second in which it expires, and not before', () =>
    play(async () => {
      const window = makeWindow(clock.now());
      const { decideCode } = await stage.question(stage.start({ window }));
      const end = Date.parse(window.approveBy);
      await clock.sleep(end - clock.now() - 1_000);
      expect((await visitor.get(decideCode)).status).toBe(200);
      await clock.sleep(end - clock.now());
      expect((await visitor.get(decideCode)).status).toBe(404);
    }));
});

/** People alone end the wait; what they read is looked at again so often, in milliseconds. */
const betweenLooks = 601_000;

describe('facts that change while people think', () => {
  it('are shown beside those of the message', () =>
    play(async () => {
      const { decideCode } = await stage.question(stage.start());
      expect((await visitor.get(decideCode)).text).toContain('The last look found what the message says');
      stage.world.lagBytes = 40 * 1_048_576;
      await clock.sleep(betweenLooks);
      const { text } = await visitor.get(decideCode);
      expect(text).toContain('Different from the message: Replication lag.');
      expect(text).toContain('40.0 MiB');
      expect(text).toContain('1.0 MiB');
    }));

  it('are no difference where only a measurement is another one within its limit', () =>
    play(async () => {
      const { decideCode } = await stage.question(stage.start());
      stage.world.lagBytes = 3 * 1_048_576;
      await clock.sleep(betweenLooks);
      const { text } = await visitor.get(decideCode);
      expect(text).toContain('3.0 MiB');
      expect(text).not.toMatch(/Different from the message|class="tag"/);
    }));

  it('end the question when the plan is another one', () =>
    play(async () => {
      const run = stage.start();
      await stage.question(run);
      stage.world.green.DBInstanceClass = 'db.r7g.xlarge';
      expect(await stage.ended(run)).toMatchObject({ error: 'BlueGreen.UnexpectedState' });
    }));

  it('end the question when the deployment cannot be switched any more', () =>
    play(async () => {
      const run = stage.start();
      await stage.question(run);
      stage.world.status = 'INVALID_CONFIGURATION';
      expect(await stage.ended(run)).toMatchObject({ error: 'BlueGreen.ProvisioningFailed' });
    }));

  it('name a member that restarts', () =>
    play(async () => {
      const { decideCode } = await stage.question(stage.start());
      stage.world.green.DBInstanceStatus = 'rebooting';
      await clock.sleep(betweenLooks);
      const { text } = await visitor.get(decideCode);
      expect(text).toContain('is rebooting');
    }));
});

describe('facts that cannot be read', () => {
  it('neither end the question nor hide: the page says so', () =>
    play(async () => {
      const run = stage.start();
      const { decideCode } = await stage.question(run);
      stage.world.refusal = new AwsError('Throttling', 'Rate exceeded for orders-eu');
      await clock.sleep(betweenLooks);
      const { text } = await visitor.get(decideCode);
      expect(text).toContain('The newest look could not read the facts');
      expect(text).toContain('Rate exceeded for orders-eu');
      expect((await visitor.decide(decideCode)).text).toContain('Approved');
    }));
});

describe('a topic that nobody hears', () => {
  it('ends the run before it waits', () =>
    play(async () => {
      stage.subscribeOnly();
      expect(await stage.ended(stage.start())).toMatchObject({
        error: 'BlueGreen.UnexpectedState',
        cause: expect.stringContaining('nobody would hear'),
      });
    }));

  it('ends the run as well when the filters leave one of the groups with nobody', () =>
    play(async () => {
      stage.subscribeOnly({ group: ['dba'] });
      expect(await stage.ended(stage.start({ request: twoGroups() }))).toMatchObject({
        error: 'BlueGreen.UnexpectedState',
        cause: expect.stringContaining('nobody would hear the question of group owners'),
      });
      expect(stage.questions().map(({ group }) => group)).not.toContain('owners');
    }));

  it('is heard again once every group has somebody', () =>
    play(async () => {
      stage.subscribeOnly({ group: ['dba'] }, { group: [{ 'anything-but': 'dba' }] });
      const run = stage.start({ request: twoGroups() });
      await stage.question(run, 'owners');
      expect(stage.isRunning(run)).toBe(true);
    }));
});

describe('stopping', () => {
  const form = { answer: 'stop', name: 'Alice', reason: 'wrong day' };

  it('fails the open token, and a second click shows the record', () =>
    play(async () => {
      const run = stage.start();
      const { stopCode } = await stage.question(run);
      expect((await visitor.get(stopCode)).text).toContain('Stop this run');
      expect((await visitor.post(stopCode, form)).text).toContain('Your request is recorded');
      expect(await stage.ended(run)).toEqual({
        error: 'BlueGreen.StopRequested',
        cause: 'Alice (attested) stopped the run: wrong day',
      });
      expect((await visitor.get(stopCode)).text).toContain('wrong day');
    }));

  it('is guarded like a decision, and neither link does what the other is for', () =>
    play(async () => {
      const run = stage.start();
      const { stopCode, decideCode } = await stage.question(run);
      expect((await visitor.post(stopCode, { ...form, phrase: 'orders' })).status).toBe(422);
      expect((await visitor.post(stopCode, { ...form, reason: '' })).status).toBe(422);
      expect((await visitor.post(decideCode, form)).status).toBe(404);
      expect((await visitor.decide(stopCode)).status).toBe(404);
      expect(stage.isRunning(run)).toBe(true);
    }));
});

describe('a used link', () => {
  it('shows the recorded decision to whoever has it, and changes nothing', () =>
    play(async () => {
      const run = stage.start({ request: twoGroups() });
      const { decideCode } = await stage.question(run, 'dba');
      await stage.question(run, 'owners');
      await visitor.decide(decideCode);
      expect((await visitor.get(decideCode)).text).toContain('This question has been decided');
      const late = { ...goodForm, answer: 'reject', name: 'Eve Late', reason: 'no', saw: '' };
      const second = await visitor.post(decideCode, late);
      expect(second.text).toContain('Your answer had no effect');
      expect(second.text).toContain('Bob Example');
      expect(second.text).not.toContain('Eve');
      expect(stage.isRunning(run)).toBe(true);
    }));
});
