import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportPage } from '../../rehearsal/report/page.ts';
import { describeRehearsed } from '../../rehearsal/report/rehearsed.ts';
import { findViolations } from './axe.ts';
import { keepPicture, openBrowser, openTab } from './browser.ts';
import { sampleReport } from './sample-report.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

async function openReport(options: object): Promise<Page> {
  const page = await openTab(browser, options);
  await page.setContent(reportPage(sampleReport));
  await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
  return page;
}

const widths = [1280, 375];

describe('the report', () => {
  it.each(widths.flatMap((width) => (['light', 'dark'] as const).map((scheme) => [width, scheme] as const)))(
    'has no violation that axe knows, %i wide and %s',
    async (width, colorScheme) => {
      const page = await openReport({ viewport: { width, height: 800 }, colorScheme });
      expect(await findViolations(page)).toEqual([]);
      await keepPicture(page, `report-${width}-${colorScheme}`);
    },
  );

  it('is not scrolled to the side on a phone: wide tables and pictures are, by themselves', async () => {
    const page = await openReport({ viewport: { width: 375, height: 800 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    expect(
      await page.evaluate(
        '[...document.querySelectorAll(".wide")].filter((e) => e.scrollWidth > e.clientWidth).length',
      ),
    ).toBeGreaterThan(3);
  });

  it('has a text and a table for each picture', async () => {
    const page = await openReport({});
    const pictures = page.locator('svg');
    const count = await pictures.count();
    expect(count).toBe(4);
    for (let index = 0; index < count; index += 1)
      expect(await pictures.nth(index).getAttribute('aria-label')).toMatch(/\w+ \w+/);
    expect(await page.locator('.wide:has(> svg) + details table tbody tr').count()).toBe(8);
  });

  it('says what was rehearsed, and where', async () => {
    const page = await openReport({});
    const text = await page.locator('main').textContent();
    for (const part of [
      'npm start -- --yes --fault bake-alarm',
      '3 tables and 20,010 rows',
      '2 x a processor',
    ])
      expect(text).toContain(part);
  });
});

it('the command stands there as it was typed, without a password', () => {
  const { command, machine } = describeRehearsed([
    ...['--source', 'postgres://ops:hunter2@db.example/shop?password=hunter2', '--report', 'my folder'],
  ]);
  expect(command).toMatch(
    /^npm start -- --source '?postgres:\/\/ops\S*@db\.example\/shop'? --report 'my folder'$/,
  );
  expect(command).not.toContain('hunter2');
  expect(machine).toMatch(/^\d+ x .+ GiB of memory, .+, Node \d+/);
});
