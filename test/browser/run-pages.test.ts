import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../approval/visitor.ts';
import { nameOf, playPages, type Shown } from '../run-pages/play.ts';
import { findViolations } from './axe.ts';
import { keepPicture, openBrowser, openTab } from './browser.ts';

const origin = 'http://127.0.0.1';

let browser: Browser;
let shown: Shown;

beforeAll(async () => {
  [browser, shown] = await Promise.all([openBrowser(), playPages()]);
});
afterAll(() => browser.close());

/** A tab whose server answers as the function did at one moment of the run. */
async function open(answer: Answer, path: string, options: BrowserContextOptions = {}) {
  const page = await openTab(browser, options);
  const asked: string[] = [];
  await page.route('**', (route) => {
    asked.push(route.request().url());
    return route.fulfill({ status: answer.status, headers: answer.headers, body: answer.text });
  });
  await page.goto(`${origin}${path}`);
  return { page, asked };
}

/** What axe finds. It is put in past the policy of the page, which lets no script in. */
async function violations(answer: Answer, options: BrowserContextOptions): Promise<string[]> {
  const { page } = await open(answer, '/runs/x', { ...options, bypassCSP: true });
  await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
  return findViolations(page);
}

const widthOf = (page: Page) => page.evaluate('document.documentElement.scrollWidth');

const views = [
  [360, 'light'],
  [1280, 'dark'],
] as const;

describe.each(views)('the pages of runs, %i wide and %s', (width, colorScheme) => {
  const options = { viewport: { width, height: 740 }, colorScheme };

  it.each(['building', 'asked', 'baking', 'ended', 'list', 'unknown'] as const)(
    '%s has no violation that axe knows, and is not scrolled to the side',
    async (moment) => {
      const answer = shown[moment];
      expect(await violations(answer, options)).toEqual([]);
      const { page } = await open(answer, '/runs/x', options);
      expect(await widthOf(page)).toBeLessThanOrEqual(width);
      await keepPicture(page, `runs-${moment}-${width}-${colorScheme}`);
    },
  );
});

describe('the page of a run', () => {
  it('loads nothing, runs no script, and refreshes itself while the run is open', async () => {
    const { page, asked } = await open(
      { ...shown.asked, headers: { ...shown.asked.headers, refresh: '1' } },
      '/runs/x',
    );
    await expect.poll(() => asked.length, { timeout: 20_000 }).toBeGreaterThan(1);
    expect(new Set(asked)).toEqual(new Set([`${origin}/runs/x`]));
    await page.addScriptTag({ content: 'window.ran = true' }).catch(() => undefined);
    expect(await page.evaluate('window.ran')).toBeUndefined();
  });

  it('reads in order: what it is, what it waits for, what to do', async () => {
    const { page } = await open(shown.asked, '/runs/x');
    expect(await page.locator('h1, h2').allTextContents()).toEqual([
      'orders: Hold',
      'Lag of green',
      'Approval',
      'What to do',
      'Timeline',
    ]);
    expect(await page.getByRole('img').getAttribute('aria-label')).toMatch(
      /^Lag of green over time\. Highest .+/,
    );
    await page.getByText('The lag as a table').click();
    expect(await page.locator('details tbody tr').count()).toBeGreaterThan(2);
  });

  it('names what RDS has done of green, for eyes and for a screen reader', async () => {
    const { page } = await open(shown.building, '/runs/x');
    const bar = page.getByRole('progressbar');
    expect(await bar.getAttribute('max')).toBe(String(await page.locator('.tasks li').count()));
    expect(await page.getByLabel(/^\d of \d tasks done$/).count()).toBe(1);
  });

  it('leads from the list to the run, and back', async () => {
    const { page, asked } = await open(shown.list, '/runs');
    await page
      .getByRole('link', { name: nameOf(shown.run) })
      .first()
      .click();
    expect(asked.at(-1)).toBe(`${origin}/runs/${nameOf(shown.run)}`);
  });
});
