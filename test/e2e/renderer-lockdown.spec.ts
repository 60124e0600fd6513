import { expect, test } from './fixtures.ts';

// Law 1 and 2: what a hostile text that got to run in the window could try.
test.describe('the renderer is untrusted', () => {
  test('it has no node, no network, no second window and no way out', async ({ serve, install }) => {
    const backend = await serve({ documents: 20 });
    const { page, app } = await (await install(backend)).start();
    await page.waitForLoadState('load');

    const globals = await page.evaluate(() => ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'electron'].filter((name) => name in globalThis));
    expect(globals).toEqual([]);
    expect(await page.evaluate(() => Object.keys((globalThis as unknown as { valeo: object }).valeo).toSorted())).toEqual(['call', 'on']);

    const attempts = await page.evaluate(async (erp) => {
      const results: Record<string, string> = {};
      const settled = <T extends EventTarget>(target: T, success: string, start: (target: T) => void = () => undefined): Promise<string> => new Promise((resolve) => {
        target.addEventListener(success, () => resolve(success));
        target.addEventListener('error', () => resolve('blocked'));
        start(target);
      });
      const attempt = async (name: string, run: () => unknown): Promise<void> => {
        try {
          results[name] = String(await run());
        } catch (error) {
          results[name] = `blocked ${(error as Error).name}`;
        }
      };
      // Later, because the debugger's own evaluation is excused from the policy.
      await attempt('eval', () => new Promise((resolve, reject) => {
        setTimeout(() => {
          try {
            resolve((Reflect.construct(Function, ['return 1']) as () => number)());
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        }, 0);
      }));
      await attempt('fetch', () => fetch(`${erp}/healthz`).then((answer) => answer.status));
      await attempt('beacon', () => settled(new Image(), 'load', (image) => { image.src = `${erp}/x.png`; }));
      await attempt('websocket', () => settled(new WebSocket(erp.replace('http', 'ws')), 'open'));
      await attempt('innerHTML', () => { document.createElement('div').innerHTML = '<b>x</b>'; return 'set'; });
      await attempt('script', () => { const script = document.createElement('script'); script.textContent = 'globalThis.pwned = 1'; document.head.append(script); return 'pwned' in globalThis ? 'ran' : 'blocked'; });
      await attempt('style', () => { const style = document.createElement('style'); style.textContent = 'body{outline:7px solid red}'; document.head.append(style); return getComputedStyle(document.body).outlineWidth === '7px' ? 'applied' : 'blocked'; });
      await attempt('worker', () => settled(new Worker(URL.createObjectURL(new Blob(['postMessage(1)']))), 'message'));
      await attempt('window.open', () => (window.open('https://example.org') === null ? 'blocked' : 'opened'));
      await attempt('geolocation', () => navigator.permissions.query({ name: 'geolocation' }).then((status) => (status.state === 'denied' ? 'blocked' : status.state)));
      await attempt('clipboard', () => navigator.clipboard.readText());
      return results;
    }, backend.erp);
    for (const [name, result] of Object.entries(attempts)) expect(result, name).toMatch(/^blocked/);

    await page.evaluate(() => { location.href = 'https://example.org/'; });
    await page.evaluate(() => { const frame = document.createElement('iframe'); frame.src = 'https://example.org/'; document.body.append(frame); });
    await page.waitForTimeout(300);
    expect(page.url()).toMatch(/^app:\/\/valeo\//);
    expect(page.frames().filter((frame) => frame.url().includes('example.org'))).toEqual([]);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  test('the window has the preferences of law 1', async ({ serve, install }) => {
    const { app } = await (await install(await serve({ documents: 20 }))).start();
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
      const { sandbox, contextIsolation, nodeIntegration, nodeIntegrationInSubFrames, webSecurity, webviewTag } = contents.getLastWebPreferences();
      return { sandbox, contextIsolation, nodeIntegration, nodeIntegrationInSubFrames, webSecurity, webviewTag };
    });
    expect(preferences).toEqual({ sandbox: true, contextIsolation: true, nodeIntegration: false, nodeIntegrationInSubFrames: false, webSecurity: true, webviewTag: false });
  });

  test('no content security policy violation comes from our own pages', async ({ serve, install }) => {
    const { page } = await (await install(await serve({ documents: 20 }))).start();
    const violations: string[] = [];
    page.on('console', (message) => { if (/Content Security Policy|Trusted ?Type|TrustedHTML/i.test(message.text())) violations.push(message.text()); });
    await page.reload();
    await page.getByRole('button').first().waitFor();
    await page.waitForTimeout(500);
    expect(violations).toEqual([]);
  });
});
