import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import { Failure } from './say.ts';
import { browserNames, needsNoSandbox } from './system.ts';

export type Account = { name: string; password: string };

/** The installed browser that Playwright can drive. */
export async function findBrowser(): Promise<string | undefined> {
  for (const name of browserNames) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      const path = join(folder, name);
      if (folder !== '' && await access(path).then(() => true, () => false)) return path;
    }
  }
  return undefined;
}

async function launchBrowser(): Promise<Browser> {
  const common = { headless: true, chromiumSandbox: !needsNoSandbox() };
  if (process.platform === 'win32') return chromium.launch({ ...common, channel: 'msedge' });
  if (process.platform === 'darwin') return chromium.launch({ ...common, channel: 'chrome' });
  const executablePath = await findBrowser();
  if (executablePath === undefined) throw new Failure('There is no browser on this machine for the sign-in. Install chromium and start again.');
  return chromium.launch({ ...common, executablePath });
}

/** Opens an address in a real browser with a fresh profile, hands the page to `use`, and closes the browser. */
export async function withBrowser<T>(url: string, use: (page: Page) => Promise<T>): Promise<T> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ locale: 'de-DE' });
    await page.goto(url, { waitUntil: 'load', timeout: 20_000 });
    return await use(page);
  } finally {
    await browser.close();
  }
}

/**
 * Signs in as a person would: opens the address the app handed to the system browser, fills in the login form and waits until the
 * identity provider has sent the browser back to the app.
 * @param url as it was handed over, so it is also the test of that address
 * @param options.screenshot file for a picture of the filled-in form
 * @returns text of the last page, which the app itself shows
 * @throws Failure when the form is not there or the sign-in is refused
 */
export async function signInWithBrowser(url: string, account: Account, options: { screenshot?: string } = {}): Promise<string> {
  return withBrowser(url, async (page) => {
    const issuer = new URL(page.url()).origin;
    await page.locator('#username').fill(account.name, { timeout: 10_000 }).catch(() => {
      throw new Failure(`The identity provider shows no login form at ${issuer}.`);
    });
    await page.locator('#password').fill(account.password);
    if (options.screenshot !== undefined) await page.screenshot({ path: options.screenshot });
    await page.locator('button[type=submit], input[type=submit]').first().click();
    await page.waitForURL((target) => target.origin !== issuer, { timeout: 20_000 }).catch(async () => {
      const shown = (await page.locator('body').innerText().catch(() => '')).replaceAll(/\s+/g, ' ').slice(0, 200);
      throw new Failure(`The identity provider did not send the browser back after the sign-in of ${account.name}. It shows: ${shown}`);
    });
    return (await page.locator('body').innerText()).trim();
  });
}
