import type { Page } from 'playwright';
import { signInWithBrowser, type Account } from './browser.ts';
import type { LaunchedApp } from './launch.ts';
import { Failure } from './say.ts';
import type { WorkflowState } from '../../shared/domain/workflow.ts';

/** What a person does with the app, by the names on the screen in both languages. Used by the walk, the tour and the e2e suite. */

/** Milliseconds for anything that asks a server. */
const patience = 20_000;

/** Signs in through the system browser and waits for the frame. */
export async function signIn(app: LaunchedApp, account: Account, pictures: { form?: string } = {}): Promise<void> {
  const { page } = app;
  const button = page.getByRole('button', { name: /^(Im Browser anmelden|Sign in with the browser)/ });
  await button.waitFor({ timeout: patience });
  const address = app.nextUrl(patience);
  // Handled here too: when the click below fails, its message counts, not the address that never came.
  address.catch(() => undefined);
  await button.click();
  await signInWithBrowser(await address, account, pictures.form === undefined ? {} : { screenshot: pictures.form });
  await page.getByRole('navigation').first().waitFor({ timeout: patience });
}

export async function signOut({ page }: LaunchedApp): Promise<void> {
  await page.getByTestId('account').click();
  await page.getByRole('button', { name: /^(Abmelden|Sign out)/ }).click();
  await page.getByRole('button', { name: /^(Im Browser anmelden|Sign in with the browser)/ }).waitFor({ timeout: patience });
}

/** Locks, and waits until the window has begun anew behind the lock: what is done before that is done in the window that goes. */
export async function lock(page: Page): Promise<void> {
  const anew = page.waitForEvent('load', { timeout: patience });
  anew.catch(() => undefined);
  await page.keyboard.press('Control+l');
  await anew;
  await page.getByTestId('unlock').waitFor({ timeout: patience });
}

/** Opens an area of the rail. */
export async function goTo(page: Page, german: string, english: string): Promise<void> {
  const name = new RegExp(`^(${german}|${english})`);
  await page.getByRole('navigation').first().getByRole('link', { name }).click();
  // Until the code of a screen is read the one before stands there, with rows and buttons of its own.
  await page.getByRole('heading', { level: 1, name }).waitFor({ timeout: patience });
}

/** Resolves when the screen is there and its shortcuts count. */
export async function openDocuments(page: Page): Promise<void> {
  await goTo(page, 'Belege', 'Documents');
  await page.getByTestId('new-document-menu').waitFor({ timeout: patience });
}

export const openApprovals = (page: Page): Promise<void> => goTo(page, 'Freigaben', 'Approvals');

/** Waits until the first pull is through, by what the status line says. */
export async function untilPulled({ page }: LaunchedApp): Promise<void> {
  await page.waitForFunction(async () => {
    const { valeo } = globalThis as unknown as { valeo: { call(name: string): Promise<{ ok: boolean; value?: { status: string; finishedAt: number | null } }> } };
    const answer = await valeo.call('sync.state');
    return answer.ok && (typeof answer.value?.finishedAt === 'number' || answer.value?.status === 'unsupported');
  }, undefined, { timeout: 60_000 });
}

export type OrderLine = { article: string; quantity: string; price?: string; vatRate?: string; isListed?: boolean };

/**
 * Writes a sales order with the keyboard and saves it.
 * @param order.partner part of the customer's name, as typed into the look-up
 * @returns its number
 */
export async function writeOrder(page: Page, order: { partner: string; address: string; lines: readonly OrderLine[] }): Promise<string> {
  await openDocuments(page);
  await page.keyboard.press('Control+n');
  await page.getByTestId('new-sales_order').click();
  const number = page.getByTestId('field-number');
  await number.waitFor({ timeout: patience });
  await page.waitForFunction(() => (document.querySelector<HTMLInputElement>('[data-testid="field-number"]')?.value ?? '') !== '', undefined, { timeout: patience });
  await page.getByTestId('field-customerId').click();
  await page.keyboard.type(order.partner, { delay: 10 });
  await page.getByRole('option').first().waitFor({ timeout: patience });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const address = page.getByTestId('field-deliveryAddress');
  if (await address.count() > 0) await address.fill(order.address);
  for (const [index, line] of order.lines.entries()) {
    const row = page.locator('[data-line]').nth(index);
    const article = row.getByRole('combobox');
    await article.click();
    await article.pressSequentially(line.article, { delay: 10 });
    // A server without this article in its look-up has none to offer: what was typed stands then.
    if (line.isListed !== false) await page.getByRole('listbox').getByRole('option').first().waitFor({ timeout: patience });
    await page.keyboard.press('Enter');
    await row.locator('[data-cell$=":qty"]').fill(line.quantity);
    for (const column of ['price', 'vatRate'] as const) if (line[column] !== undefined) await row.locator(`[data-cell$=":${column}"]`).fill(line[column]);
  }
  const given = await number.inputValue();
  await page.keyboard.press('Control+s');
  await page.getByTestId('action-submit').waitFor({ timeout: patience });
  return given;
}

/** Opens one document by its number through the list's search. */
export async function openDocument(page: Page, number: string): Promise<void> {
  await openDocuments(page);
  const search = page.getByTestId('documents-search');
  await search.fill(number);
  const row = page.getByRole('row').filter({ hasText: number }).first();
  await row.waitFor({ timeout: patience });
  await row.click();
  await page.getByTestId('action-submit').waitFor({ timeout: patience });
}

/** Presses one of the actions and waits for the state that follows. @throws Failure with what the screen says instead */
export async function act(page: Page, action: 'submit' | 'approve' | 'post', state: WorkflowState): Promise<void> {
  await page.getByTestId(`action-${action}`).click();
  await page.locator(`[data-testid="workflow-state"][data-state="${state}"]`).waitFor({ timeout: patience }).catch(async () => {
    const said = (await page.getByRole('alert').allInnerTexts()).join(' ').slice(0, 300);
    throw new Failure(`The document did not become ${state} by "${action}". ${said}`);
  });
}

/** The rows of the trail, as text. */
export async function readTrail(page: Page): Promise<string[]> {
  await page.getByRole('tab', { name: /^(Verlauf|History|Trail)/ }).click();
  const list = page.getByRole('tabpanel').locator('li[data-action]');
  await list.first().waitFor({ timeout: patience });
  return list.allInnerTexts();
}

/** Opens a document by type and number: the way on servers that cannot list. */
export async function openByNumber(page: Page, number: string): Promise<void> {
  await openDocuments(page);
  await page.getByRole('button', { name: /^(Beleg öffnen|Open document)/ }).first().click();
  await page.getByTestId('open-number').fill(number);
  await page.getByTestId('open-confirm').click();
}
