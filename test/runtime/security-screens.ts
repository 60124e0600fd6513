import type { Page } from 'playwright';
import { goTo } from './hands.ts';
import type { Screen } from './screens.ts';

/** Calls main as the window does, for what a picture needs and nobody would want to see typed four times. */
async function valeo<T>(page: Page, name: string, input?: unknown): Promise<T> {
  return page.evaluate(async ([call, given]) => {
    const bridge = (globalThis as unknown as { valeo: { call(name: string, input: unknown): Promise<{ ok: boolean; value: unknown }> } }).valeo;
    const answer = await bridge.call(call, given);
    if (!answer.ok) throw new Error(`${call} failed`);
    return answer.value;
  }, [name, input] as const) as Promise<T>;
}

/** Opens a tab of the security centre. */
async function openArea(page: Page, german: string, english: string): Promise<void> {
  await goTo(page, 'Sicherheit', 'Security');
  await page.getByRole('tab', { name: new RegExp(`^(${german}|${english})`) }).click();
}

/** Day of the receipt so many days ago, `YYYY-MM-DD`. */
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

/** The screens of the security centre, each reachable from the one before. */
export const securityScreens: readonly Screen[] = [
  { name: 'security-gdpr', async show(page) {
    const known = await valeo<{ id: string }[]>(page, 'gdpr.list');
    if (known.length === 0) {
      const common = { contact: 'Bittet um Antwort per Brief', channel: 'email' } as const;
      await valeo(page, 'gdpr.open', { ...common, kind: 'access', reference: 'sales', name: 'Sabine Sommer', receivedOn: daysAgo(27) });
      await valeo(page, 'gdpr.open', { ...common, kind: 'portability', reference: 'K10003', name: 'Hof Lindenau', receivedOn: daysAgo(3) });
      const { id } = await valeo<{ id: string }>(page, 'gdpr.open', { ...common, kind: 'erasure', reference: 'K10001', name: 'Petra Muster', receivedOn: daysAgo(40) });
      await valeo(page, 'gdpr.step', { id, step: { what: 'identify', how: 'Rückruf unter bekannter Nummer' } });
      await valeo(page, 'gdpr.find', { id });
    }
    await openArea(page, 'Datenschutz', 'Privacy');
    await page.getByRole('row').filter({ hasText: 'Petra Muster' }).click();
    await page.getByTestId('gdpr-found').first().waitFor();
  } },
  { name: 'security-gdpr-new', async show(page) {
    await page.getByTestId('gdpr-new').click();
    await page.getByTestId('gdpr-form').waitFor();
  } },
  { name: 'security-gdpr-erase', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByTestId('gdpr-erase').click();
    await page.getByTestId('gdpr-erase-typed').waitFor();
  } },
  { name: 'security-gdpr-dpia', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByTestId('gdpr-dpia').click();
    await page.getByTestId('gdpr-dpia-dialog').waitFor();
  } },
  { name: 'security-posture-plan', async show(page) {
    await page.keyboard.press('Escape');
    await openArea(page, 'Serverprüfung', 'Server check');
    await page.getByTestId('posture-check').click();
    await page.getByTestId('posture-plan').waitFor();
  } },
  { name: 'security-posture', async show(page) {
    const rows = page.getByRole('grid', { name: /^(Ergebnisse der Serverprüfung|Results of the server check)$/, includeHidden: true }).locator('[role="row"]');
    // Once is enough: the limit of requests a minute would make every further look wait.
    if ((await rows.count()) > 0) await page.keyboard.press('Escape');
    else await page.getByTestId('posture-start').click();
    await rows.nth(8).waitFor({ timeout: 90_000 });
  } },
  { name: 'security-posture-result', async show(page) {
    await page.getByRole('row').filter({ hasText: /^(Metriken|Metrics)/ }).first().click();
    await page.getByTestId('posture-result').waitFor();
  } },
];
