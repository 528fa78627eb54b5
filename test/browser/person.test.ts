import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCode, sealCode } from '../approval/code.ts';
import { makeRequest } from '../approval/facts.ts';
import { keepPicture, openBrowser, openTab } from './browser.ts';
import { contrastProblems } from './contrast.ts';
import { Site } from './site.ts';

let browser: Browser;
let site: Site;

beforeAll(async () => {
  [browser, site] = await Promise.all([openBrowser(), Site.open()]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

/** Fills the form as a person does, by its labels. */
async function fill(
  page: Page,
  form: { answer: 'Approve' | 'Reject'; phrase: string; name?: string; reason?: string },
) {
  await page.getByRole('radio', { name: form.answer }).check();
  await page.getByLabel('The three words').fill(form.phrase);
  await page.getByLabel('Your name').fill(form.name ?? 'Bob Example');
  await page.getByLabel('Reason').fill(form.reason ?? '');
}

const send = (page: Page) => page.getByRole('button', { name: 'Send the decision' }).click();
const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();

describe('a person', () => {
  it('approves', async () => {
    const { run, url, phrase } = await site.ask({
      request: makeRequest({
        hooks: { testGreen: { arn: 'arn:aws:lambda:eu-west-1:111122223333:function:viridian-hook-test' } },
      }),
      tests: { testGreen: { verdict: 'pass', because: '214 queries gave the same rows' } },
    });
    const page = await openTab(browser, { colorScheme: 'light' });
    const seen: string[] = [];
    page.on('request', (request) => seen.push(request.url()));
    page.on('console', (message) => seen.push(message.text()));
    await page.goto(url);
    await keepPicture(page, 'question-light');
    expect(await page.content()).not.toContain(phrase);
    await fill(page, { answer: 'Approve', phrase, reason: 'tests are good' });
    await send(page);
    expect(await heading(page)).toBe('Approved');
    await keepPicture(page, 'approved');
    expect((await site.stage.ended(run)).approval?.decisions[0]).toMatchObject({
      decision: 'approve',
      by: 'Bob Example',
      reason: 'tests are good',
    });
    expect([...new Set(seen)]).toEqual([url]);
    await page.goto(url);
    expect(await page.locator('main').textContent()).toContain('This question has been decided');
  });

  it('rejects, after hearing that a reason is needed', async () => {
    const { run, url, phrase } = await site.ask();
    const page = await openTab(browser);
    await page.goto(url);
    await fill(page, { answer: 'Reject', phrase, name: 'Carol <b>Owner</b>' });
    await send(page);
    expect(await page.getByRole('alert').textContent()).toContain('Say why');
    expect(await page.getByLabel('Your name').inputValue()).toBe('Carol <b>Owner</b>');
    expect(await page.getByRole('radio', { name: 'Reject' }).isChecked()).toBe(true);
    expect(await page.getByLabel('The three words').inputValue()).toBe('');
    await page.getByLabel('The three words').fill(phrase);
    await page.getByLabel('Reason').fill('month end');
    await send(page);
    expect(await heading(page)).toBe('Rejected');
    await keepPicture(page, 'rejected');
    expect(await site.stage.ended(run)).toMatchObject({ error: 'BlueGreen.ApprovalDenied' });
  });

  it('types a wrong phrase, is told so beside the field, and tries again', async () => {
    const { run, url, phrase } = await site.ask();
    const page = await openTab(browser);
    await page.goto(url);
    await fill(page, { answer: 'Approve', phrase: 'some other words' });
    await send(page);
    await keepPicture(page, 'wrong-phrase');
    const field = page.getByLabel('The three words');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const described = ((await field.getAttribute('aria-describedby')) ?? '').split(' ').at(-1);
    expect(await page.locator(`#${described}`).textContent()).toContain('not the three words');
    await page.getByRole('alert').getByRole('link').click();
    expect(new URL(page.url()).hash).toBe('#phrase');
    expect(site.stage.isRunning(run)).toBe(true);
    await field.fill(phrase);
    await send(page);
    expect(await heading(page)).toBe('Approved');
  });

  it('sees one calm page for a forged, an expired and a shortened link', async () => {
    const { question } = await site.ask();
    const claims = await openCode(question.decideCode);
    const expired = await sealCode({ ...claims, expires: Math.floor(Date.now() / 1000) });
    const forged = `${question.decideCode.slice(0, -43)}${'A'.repeat(43)}`;
    const page = await openTab(browser);
    const pages: string[] = [];
    for (const code of [forged, expired, question.decideCode.slice(0, 80)]) {
      const response = await page.goto(site.urlOf(code));
      pages.push(`${response?.status()} ${await page.content()}`);
    }
    await keepPicture(page, 'bad-link');
    expect(new Set(pages).size).toBe(1);
    expect(pages[0]).toMatch(/^404 /);
  });

  it('opens a used link and reads who decided', async () => {
    const request = makeRequest({ approval: { groups: [{ name: 'dba' }, { name: 'owners' }] } });
    const { run, url, phrase } = await site.ask({ request }, 'dba');
    const page = await openTab(browser);
    await page.goto(url);
    await fill(page, { answer: 'Approve', phrase });
    await send(page);
    const other = await openTab(browser);
    await other.goto(url);
    expect(await other.locator('main').textContent()).toContain('This question has been decided');
    expect(await other.locator('main').textContent()).toContain('Bob Example');
    expect(await other.locator('form').count()).toBe(0);
    await keepPicture(other, 'used-link');
    expect(site.stage.isRunning(run)).toBe(true);
  });

  it('in two tabs at once decides once', async () => {
    const { run, url, phrase } = await site.ask();
    const tabs = await Promise.all([openTab(browser), openTab(browser)]);
    for (const [index, tab] of tabs.entries()) {
      await tab.goto(url);
      await fill(tab, {
        answer: index === 0 ? 'Approve' : 'Reject',
        phrase,
        name: index === 0 ? 'Bob First' : 'Eve Second',
        reason: 'because',
      });
    }
    await Promise.all(tabs.map(send));
    const texts = await Promise.all(tabs.map(async (tab) => (await tab.locator('main').textContent()) ?? ''));
    expect(texts.filter((text) => text.includes('Your decision is recorded'))).toHaveLength(1);
    expect(texts.filter((text) => text.includes('Your answer had no effect'))).toHaveLength(1);
    const [winner] = ['Bob First', 'Eve Second'].filter((name) => texts.every((text) => text.includes(name)));
    expect(winner).toBeDefined();
    const { approval, error } = await site.stage.ended(run);
    expect(winner === 'Bob First' ? approval?.decisions[0]?.by : error).toBe(
      winner === 'Bob First' ? winner : 'BlueGreen.ApprovalDenied',
    );
  });

  it('stops the run by the other link', async () => {
    const { run, stopUrl, phrase } = await site.ask();
    const page = await openTab(browser);
    await page.goto(stopUrl);
    await keepPicture(page, 'stop');
    await page.getByLabel('The three words').fill(phrase);
    await page.getByLabel('Your name').fill('Alice');
    await page.getByLabel('Why').fill('wrong day');
    await page.getByRole('button', { name: 'Stop this run' }).click();
    expect(await heading(page)).toBe('Stop requested');
    expect(await site.stage.ended(run)).toMatchObject({ error: 'BlueGreen.StopRequested' });
  });
});

describe('the page', () => {
  it('is used by keyboard alone, and Enter in a field approves nothing by itself', async () => {
    const { run, url, phrase } = await site.ask();
    const page = await openTab(browser);
    await page.goto(url);
    const focused = () =>
      page.evaluate('document.activeElement.name || document.activeElement.tagName.toLowerCase()');
    const visited: unknown[] = [];
    for (let stop = 0; stop < 5; stop += 1) {
      await page.keyboard.press('Tab');
      visited.push(await focused());
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    }
    expect(visited).toEqual(['answer', 'phrase', 'name', 'reason', 'button']);
    await page.getByLabel('Your name').focus();
    await page.keyboard.type('Bob Example');
    await page.keyboard.press('Enter');
    expect(await heading(page)).toBe('Decide on a switchover');
    expect(site.stage.isRunning(run)).toBe(true);
    await page.getByRole('radio', { name: 'Approve' }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.type(phrase);
    for (let stop = 0; stop < 3; stop += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    // Looked for from outside: the page's policy lets no script in, and so no waiting one.
    await page.locator('h1', { hasText: /^Approved$/ }).waitFor();
    expect((await site.stage.ended(run)).approval?.decisions).toHaveLength(1);
  });

  it.each([
    ['200 % zoom', 640],
    ['400 % zoom', 320],
  ])('at %s needs no scrolling to the side and cuts nothing off', async (zoom, width) => {
    site.stage.world.lagBytes = 40 * 1_048_576;
    const { url } = await site.ask();
    const page = await openTab(browser, { viewport: { width, height: 450 }, deviceScaleFactor: 2 });
    await page.goto(url);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const cut = await page.evaluate(
      '[...document.querySelectorAll("main *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).length',
    );
    expect(cut).toBe(0);
    await keepPicture(page, `zoom-${zoom.slice(0, 3)}`);
  });

  it.each(['light', 'dark'] as const)(
    'in %s has text that can be read: 4.5 to 1 at least',
    async (colorScheme) => {
      const { url, stopUrl } = await site.ask();
      const page = await openTab(browser, { colorScheme });
      for (const [name, address] of [
        ['question', url],
        ['stop', stopUrl],
        ['void', site.urlOf('x')],
      ] as const) {
        await page.goto(address);
        expect(await contrastProblems(page)).toEqual([]);
        if (colorScheme === 'dark') await keepPicture(page, `${name}-dark`);
      }
      await page.goto(url);
      await fill(page, { answer: 'Approve', phrase: 'wrong' });
      await send(page);
      expect(await contrastProblems(page)).toEqual([]);
    },
  );

  it('runs no script, not even its own', async () => {
    const { url } = await site.ask();
    const page = await openTab(browser);
    const violations: string[] = [];
    page.on('console', (message) => violations.push(message.text()));
    await page.goto(url);
    await page.addScriptTag({ content: 'window.ran = true' }).catch(() => undefined);
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(violations.join(' ')).toContain('Content Security Policy');
  });
});
