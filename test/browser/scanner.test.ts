import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { guesses, textOf } from '../approval/robot.ts';
import { openBrowser, openTab } from './browser.ts';
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

/** Forms that are sent by hand: one less than closes the page. That no other word of the page decides is shown in test/approval/scanner.test.ts. */
const triesPerLink = 4;

it('a robot with a browser that fills every field and presses every button decides nothing', async () => {
  const { run, url, stopUrl } = await site.ask();
  const page = await openTab(browser);
  for (const address of [url, stopUrl]) {
    await page.goto(address);
    for (const [index, word] of (await pickWords(page)).entries()) {
      for (const field of await page.locator('input[type=text], textarea').all())
        await field.fill(word.slice(0, 80));
      const radios = await page.getByRole('radio').all();
      await radios[index % 2]?.check();
      await page.getByRole('button').click();
      expect(await page.getByRole('alert').count()).toBe(1);
    }
  }
  expect(site.stage.isRunning(run)).toBe(true);
  const { logs } = site.stage;
  expect(logs.filter((line) => line.includes('approval.refused'))).toHaveLength(2 * triesPerLink);
  expect(logs.filter((line) => line.includes('approval.decided'))).toEqual([]);
}, 120_000);

/** Words that stand on the page or come to a tester's mind, from all over it. */
async function pickWords(page: Page): Promise<string[]> {
  const text = (await page.locator('body').textContent()) ?? '';
  const words = guesses(text.replace(/\s+/g, ' '), 1).filter((word) => word.length > 0);
  return words
    .filter((_, index) => index % Math.floor(words.length / triesPerLink) === 0)
    .slice(0, triesPerLink);
}

it('a robot that sends the form by script, with every word of the page and every common test value, decides nothing', async () => {
  const { run, url, stopUrl } = await site.ask();
  // The page allows no script to send anything; this robot does not care.
  const page = await openTab(browser, { bypassCSP: true });
  for (const address of [url, stopUrl]) {
    await page.goto(address);
    const tries = guesses(textOf(await page.content()), 1).map((text) => text.slice(0, 80));
    const before = refusals();
    const statuses = await page.evaluate<number[]>(sendAll(tries));
    expect(tries.length).toBeGreaterThan(100);
    expect(statuses.filter((status) => ![400, 422, 429].includes(status))).toEqual([]);
    expect(statuses).toContain(429);
    expect(refusals() - before).toBe(tries.length);
  }
  expect(site.stage.isRunning(run)).toBe(true);
}, 120_000);

const refusals = () =>
  site.stage.logs.filter((line) => /"event":"(page|approval)\.refused"/.test(line)).length;

/** A script for the page: posts its form once for each text, in all fields, with each answer in turn; gives the statuses. */
const sendAll = (texts: string[]) => `(async () => {
  const form = document.querySelector('form');
  const buttons = [...form.querySelectorAll('[name=answer]')].map(({ value }) => value);
  const statuses = [];
  for (const [index, text] of ${JSON.stringify(texts)}.entries()) {
    const body = new URLSearchParams(new FormData(form));
    for (const { name } of form.querySelectorAll('input[type=text], textarea')) body.set(name, text);
    body.set('answer', buttons[index % buttons.length]);
    statuses.push((await fetch(form.action, { method: 'POST', body })).status);
  }
  return statuses;
})()`;

it('a robot that removes what the browser checks before sending decides nothing', async () => {
  const { run, url } = await site.ask();
  const page = await openTab(browser);
  await page.goto(url);
  for (const answer of ['approve', 'reject', 'stop', '']) {
    await page.evaluate(
      `(() => { const form = document.querySelector('form'); form.noValidate = true;
        for (const input of form.elements) { input.removeAttribute('maxlength'); input.disabled = false; }
        form.insertAdjacentHTML('beforeend', '<input type="hidden" name="answer" value="${answer}">'); form.submit(); })()`,
    );
    await page.waitForLoadState();
    expect(await page.locator('main').textContent()).not.toMatch(/recorded\.$|Your decision is recorded/);
    await page.goto(url);
  }
  expect(site.stage.isRunning(run)).toBe(true);
});
