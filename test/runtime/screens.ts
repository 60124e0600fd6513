import type { Page } from 'playwright';
import { fillOutbox } from './outbox-states.ts';
import { goTo, lock, openDocument, openDocuments } from './hands.ts';
import { backupScreens } from './backup-screens.ts';
import { monitoringScreens } from './monitoring-screens.ts';
import { securityScreens } from './security-screens.ts';

/** One screen of the signed-in app; `order` is the number of a sales order that waits for approval. */
export type Screen = { name: string; /** Left out where there are no servers beside the ERP. */ needs?: 'monitoring'; show(page: Page, data: { order: string }): Promise<void> };

/** `forced`: the few colours of a person's own that a system's contrast theme leaves (CSS forced-colors). */
export type Look = { language: 'de' | 'en'; theme: 'light' | 'dark' | 'forced' };
/** Both languages in both themes, and one in forced colours. */
export const looks: readonly Look[] = [{ language: 'de', theme: 'light' }, { language: 'de', theme: 'dark' }, { language: 'en', theme: 'light' }, { language: 'en', theme: 'dark' }, { language: 'de', theme: 'forced' }];

/** The time line above has a table of its own. */
const auditRows = (page: Page) => page.getByRole('grid', { name: /^(Einträge des Protokolls|Entries of the log)$/ }).getByRole('row');

/** Every screen there is, in an order in which each can be reached from the one before. */
export const screens: readonly Screen[] = [
  { name: 'locked', show: lock },
  { name: 'overview', async show(page) {
    // Without the picture before this one nothing is locked.
    const unlock = page.getByTestId('unlock');
    if (await unlock.isVisible()) await unlock.click();
    await goTo(page, 'Übersicht', 'Overview');
  } },
  { name: 'documents', async show(page) {
    await openDocuments(page);
    await page.getByTestId('documents-search').fill('');
    await page.getByRole('row').nth(8).waitFor();
  } },
  { name: 'document', show: (page, { order }) => openDocument(page, order) },
  { name: 'document-flow', async show(page) {
    await page.getByRole('tab', { name: /^(Belegfluss|Document flow)/ }).click();
    await page.getByTestId('flow').waitFor();
  } },
  { name: 'document-follow', async show(page) {
    await page.getByTestId('follow-menu').click();
    await page.getByTestId('copy-as-new').waitFor();
  } },
  { name: 'document-trail', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: /^(Verlauf|Trail)/ }).click();
    await page.getByRole('tabpanel').locator('li[data-action]').first().waitFor();
  } },
  { name: 'document-raw', show: (page) => page.getByRole('tab', { name: /^(Rohdaten|Raw data)/ }).click() },
  { name: 'document-archive', async show(page) {
    await page.getByRole('tab', { name: /^(Archiv|Archive)/ }).click();
    await page.getByTestId('archive').waitFor();
  } },
  { name: 'print-preview', async show(page) {
    await page.keyboard.press('Control+p');
    await page.frameLocator('[data-testid="preview-frame"]').locator('.page').first().waitFor();
  } },
  { name: 'export', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByTestId('export-list').click();
    await page.getByTestId('export-start').waitFor();
  } },
  { name: 'verify', async show(page, { order }) {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Shift+P');
    await page.getByTestId('verify-number').fill(order);
    await page.getByTestId('verify-number').press('Enter');
    await page.getByTestId('verify-result').waitFor();
  } },
  { name: 'document-new', async show(page) {
    await openDocuments(page);
    await page.getByTestId('documents-search').fill('');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+n');
    await page.getByTestId('new-sales_offer').click();
    await page.locator('[data-line]').first().waitFor();
  } },
  { name: 'document-errors', async show(page) {
    // A draft of its own, so that both languages and themes find the same: something unread, something below cost, something missing.
    const [first = '0:article'] = await page.locator('[data-cell$=":article"]').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-cell') ?? ''));
    const line = first.split(':')[0] ?? '0';
    await page.locator(`[data-cell="${line}:article"]`).fill('GE-1001 Weizen A, lose');
    await page.locator(`[data-cell="${line}:price"]`).fill('100');
    await page.locator(`[data-cell="${line}:cost"]`).fill('198');
    await page.locator(`[data-cell="${line}:vatRate"]`).fill('7 x');
    await page.keyboard.press('Control+s');
    await page.getByTestId('next-unreadable').waitFor();
  } },
  { name: 'document-versions', async show(page) {
    await page.locator('[data-testid="save-state"][data-state="saved"]').waitFor();
    await page.getByTestId('versions').click();
    await page.getByTestId('version').first().waitFor();
  } },
  { name: 'document-drafts', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByTestId('drafts-menu').click();
    await page.getByTestId('draft').first().waitFor();
  } },
  { name: 'approvals', async show(page) {
    await page.keyboard.press('Escape');
    await goTo(page, 'Freigaben', 'Approvals');
    await page.getByRole('row').nth(3).click();
    await page.getByTestId('approval').waitFor();
  } },
  { name: 'bulk-choose', async show(page) {
    await page.getByRole('grid').focus();
    for (let row = 0; row < 6; row++) await page.keyboard.press('Shift+ArrowDown');
    await page.getByTestId('bulk-approve').waitFor();
  } },
  { name: 'bulk-plan', async show(page) {
    await page.getByTestId('bulk-approve').click();
    await page.getByTestId('bulk-confirm').waitFor();
  } },
  { name: 'outbox-conflict', async show(page) {
    await fillOutbox(page);
    await page.getByTestId('outbox').click();
    await page.getByTestId('conflict').waitFor();
    await page.getByTestId('merged-places').locator('summary').click();
  } },
  { name: 'outbox-decision', async show(page) {
    await page.getByRole('row').nth(2).click();
    await page.getByTestId('decision-review').waitFor();
  } },
  { name: 'audit', async show(page) {
    await goTo(page, 'Audit', 'Audit');
    await page.getByTestId('audit-verified').waitFor();
    await auditRows(page).nth(4).waitFor();
  } },
  { name: 'audit-entry', async show(page) {
    await auditRows(page).nth(3).click();
    await page.getByTestId('audit-entry').waitFor();
  } },
  { name: 'audit-people', async show(page) {
    await page.getByTestId('chart-actors').click();
    await page.getByRole('table', { name: /^(Wer wie viel getan hat|Who did how much)$/ }).waitFor();
  } },
  { name: 'audit-views', async show(page) {
    await page.getByTestId('chart-time').click();
    await page.getByTestId('audit-views').click();
    await page.getByTestId('view-name').waitFor();
  } },
  { name: 'audit-evidence', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByTestId('audit-evidence').click();
    await page.getByTestId('evidence-save').waitFor();
  } },
  { name: 'audit-checkpoints', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByTestId('audit-checkpoints').click();
    await page.getByTestId('checkpoint-save').waitFor();
  } },
  { name: 'audit-journal', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: /^(Journal dieses Rechners|Journal of this computer)/ }).click();
    await page.getByRole('grid', { name: /^(Einträge des Journals|Entries of the journal)$/ }).getByRole('row').nth(1).click();
    await page.getByTestId('journal-entry').waitFor();
  } },
  { name: 'policies', async show(page) {
    await goTo(page, 'Richtlinien', 'Policies');
    await page.getByRole('row').filter({ hasText: 'bestand-weizen' }).first().click();
    await page.getByRole('tab', { name: /^(Formular|Form)/ }).click();
    await page.getByRole('tab', { name: /^(Prüfung|Check)/ }).click();
    await page.getByTestId('rule-form').waitFor();
  } },
  { name: 'policies-decision', async show(page) {
    await page.getByRole('tab', { name: /^(Entscheidung|Decision)/ }).click();
    await page.getByTestId('policy-decision').waitFor();
  } },
  { name: 'policies-json', async show(page) {
    await page.getByRole('tab', { name: 'JSON' }).click();
    await page.getByRole('tab', { name: /^(Szenarien|Scenarios)/ }).click();
    await page.getByTestId('rule-json').locator('.cm-line').first().waitFor();
  } },
  { name: 'policies-backups', async show(page) {
    await page.getByRole('button', { name: /^(Sicherungen|Backups)/ }).click();
    await page.getByTestId('policy-backups').waitFor();
  } },
  { name: 'policies-coverage', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByTestId('policy-coverage').waitFor();
  } },
  ...securityScreens,
  ...monitoringScreens,
  ...backupScreens,
  { name: 'diagnostics', async show(page) {
    await page.keyboard.press('Escape');
    await goTo(page, 'Diagnose', 'Diagnostics');
    await page.getByTestId('doctor').waitFor();
    await page.getByTestId('diagnosis-summary').waitFor({ timeout: 30_000 });
  } },
  { name: 'diagnostics-bundle', async show(page) {
    await page.getByTestId('bundle-open').click();
    await page.getByTestId('bundle-text').waitFor();
  } },
  { name: 'settings', async show(page) {
    await page.keyboard.press('Escape');
    await goTo(page, 'Einstellungen', 'Settings');
  } },
  { name: 'wipe', async show(page) {
    await page.getByTestId('wipe-open').click();
    await page.getByTestId('wipe').waitFor();
  } },
  { name: 'access', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByTestId('account').click();
    await page.getByTestId('open-access').click();
    await page.getByRole('tab', { name: /^(Anmeldung|Sign-in)/ }).waitFor();
  } },
  { name: 'access-everywhere', async show(page) {
    await page.getByTestId('sign-out-everywhere').click();
    await page.getByRole('dialog').first().waitFor();
  } },
  { name: 'access-actions', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: /^(Was ich darf|What I may do)/ }).click();
    await page.getByTestId('access-actions').waitFor();
  } },
  { name: 'access-roles', async show(page) {
    await page.getByRole('tab', { name: /^(Rollen und Rechte|Roles and scopes)/ }).click();
    await page.getByTestId('access-matrix').waitFor();
  } },
  { name: 'access-duties', async show(page) {
    await page.getByRole('tab', { name: /^(Funktionstrennung|Segregation of duties)/ }).click();
    await page.getByTestId('access-duties').waitFor();
  } },
  { name: 'recovery-key', async show(page) {
    await goTo(page, 'Einstellungen', 'Settings');
    await page.getByTestId('recovery-create').click();
    await page.getByTestId('recovery-make').click();
    await page.getByTestId('recovery-groups').waitFor();
  } },
  { name: 'recovery-key-check', show: (page) => page.getByTestId('recovery-written').click() },
  { name: 'palette', async show(page) {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').first().waitFor();
  } },
  { name: 'shortcuts', async show(page) {
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await page.getByRole('dialog').first().waitFor();
  } },
  { name: 'account', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByTestId('account').click();
  } },
  { name: 'connection', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByTestId('connection').click();
  } },
];

/** Switches language and theme as the settings do. */
export async function wear(page: Page, look: Look): Promise<void> {
  await page.emulateMedia({ forcedColors: look.theme === 'forced' ? 'active' : 'none' });
  await page.evaluate(async (settings) => {
    const { valeo } = globalThis as unknown as { valeo: { call(name: string, input: unknown): Promise<unknown> } };
    await valeo.call('settings.write', settings);
  }, { language: look.language, theme: look.theme === 'forced' ? 'light' : look.theme });
  await page.locator(`html[lang="${look.language}"]`).waitFor();
}
