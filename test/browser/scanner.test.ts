import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { guesses } from '../approval/robot.ts';
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

/** How long the robot may work, in milliseconds: some scanners stay for minutes, a test should not. */
const atWork = 15_000;

it('a robot with a browser that fills every field and presses every button decides nothing', async () => {
  const { run, url, stopUrl } = await site.ask();
  const page = await openTab(browser);
  const end = performance.now() + atWork;
  let tries = 0;
  for (const address of [url, stopUrl]) {
    await page.goto(address);
    const words = guesses(
      await page
        .locator('body')
        .innerText()
        .then((text) => text.replace(/\s+/g, ' ')),
      1,
    );
    const share = performance.now() + (end - performance.now()) / (address === url ? 2 : 1);
    for (const word of words) {
      if (performance.now() > share) break;
      for (const field of await page.locator('input[type=text], textarea').all())
        await field.fill(word.slice(0, 80));
      const radios = await page.getByRole('radio').all();
      await radios[tries % 2]?.check();
      await page.getByRole('button').click();
      expect(await page.getByRole('alert').count()).toBe(1);
      tries += 1;
    }
  }
  expect(tries).toBeGreaterThan(50);
  expect(site.stage.isRunning(run)).toBe(true);
  expect(site.stage.logs.filter((line) => line.includes('approval.refused')).length).toBeGreaterThanOrEqual(
    tries,
  );
  expect(site.stage.logs.filter((line) => line.includes('approval.decided'))).toEqual([]);
}, 60_000);

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
    expect(await page.locator('main').innerText()).not.toMatch(/recorded\.$|Your decision is recorded/);
    await page.goto(url);
  }
  expect(site.stage.isRunning(run)).toBe(true);
});
