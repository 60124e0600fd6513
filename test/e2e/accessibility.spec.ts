import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { untilPulled } from '../runtime/hands.ts';
import { looks, screens, wear, type Look } from '../runtime/screens.ts';
import { startTourMonitoring } from '../runtime/tour-monitoring.ts';
import { expect, signInAs, test } from './fixtures.ts';

/** What axe finds on the page as it is, one line each. */
async function violations(page: Page, { theme }: Look): Promise<string[]> {
  // Legacy mode: an Electron window cannot open the empty page that axe would otherwise check frames in.
  const axe = new AxeBuilder({ page }).setLegacyMode()
    // Where react-aria speaks: it names a pending button for seconds after the button itself has gone.
    .exclude('[data-live-announcer]')
    // Popovers stand outside of the page's landmarks on purpose: what they belong to is said by their button.
    .disableRules(['region']).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
  // Forced colours change what is seen, not how it is built.
  if (theme === 'forced') axe.withRules(['color-contrast', 'link-in-text-block', 'target-size']);
  const { violations: found } = await axe.analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

// Each theme once in full, side by side: the languages share their structure, so one of them is enough for each.
test.describe.configure({ mode: 'parallel' });
for (const look of looks.filter(({ language, theme }) => (language === 'de') === (theme !== 'dark'))) {
  test(`axe finds nothing on any screen: ${look.language}, ${look.theme}`, async ({ serve, install }) => {
    test.setTimeout(480_000);
    const backend = await serve({ documents: 600 });
    const monitoring = await startTourMonitoring(backend.erp);
    try {
      const installation = await install(backend, { environment: 'demo', demoAccounts: backend.users, ...monitoring?.profile });
      const app = await installation.start();
      const { page } = app;
      await wear(page, look);
      await page.getByRole('button', { name: /^(Im Browser anmelden|Sign in with the browser)/ }).waitFor();
      expect.soft(await violations(page, look), 'sign-in').toEqual([]);
      await signInAs(app, backend, 'admin');
      await untilPulled(app);
      const { number: order } = backend.control.db.prepare("SELECT number FROM documents WHERE type = 'sales_order' ORDER BY updated_at DESC LIMIT 1").get() as { number: string };
      for (const screen of screens.filter(({ needs }) => needs === undefined || monitoring !== null)) {
        await screen.show(page, { order });
        // A fade that is under way has no contrast to measure yet.
        await page.waitForTimeout(350);
        expect.soft(await violations(page, look), screen.name).toEqual([]);
      }
    } finally {
      await monitoring?.end();
    }
  });
}
