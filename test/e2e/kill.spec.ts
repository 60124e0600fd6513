import type { Page } from 'playwright';
import { untilPulled } from '../runtime/hands.ts';
import type { LaunchedApp } from '../runtime/launch.ts';
import type { DraftSummary } from '../../shared/domain/draft.ts';
import type { OutboxCommand } from '../../shared/domain/outbox.ts';
import { call, expect, signInAs, test, type Backend } from './fixtures.ts';

// kill -9 of the real app at random points while somebody types, the form saves and the outbox sends. VALEO_KILLS says how
// often (200 for the long run), VALEO_KILL_SEED which points.

const kills = Number(process.env['VALEO_KILLS'] ?? '6');
const seed = Number(process.env['VALEO_KILL_SEED'] ?? '1');

/** What the screen has claimed: the text that stood in the form while it said "saved", by draft. */
type Claims = Map<string, string>;

function randomOf(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** Tells every moment at which the form says "saved", together with what stands in it at that very moment. */
async function watch(page: Page, claims: Claims): Promise<void> {
  page.on('console', (message) => {
    const match = /^CLAIM (\S+) (.*)$/s.exec(message.text());
    if (match?.[1] !== undefined) claims.set(match[1], match[2] ?? '');
  });
  await page.evaluate(() => {
    const look = (): void => {
      const form = document.querySelector<HTMLElement>('[data-testid="document-form"]');
      const state = document.querySelector<HTMLElement>('[data-testid="save-state"]');
      const notes = document.querySelector<HTMLTextAreaElement>('[data-testid="field-notes"]');
      // oxlint-disable-next-line eslint/no-console -- the one way out of a page that is about to be killed
      if (form?.dataset['draft'] !== undefined && state?.dataset['savedAt'] !== undefined && notes !== null) console.log(`CLAIM ${form.dataset['draft']} ${notes.value}`);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    look();
  });
}

/** Types into a new order until the process is gone; what fails because of that is expected. */
async function typeUntilKilled(page: Page, mark: string, sends: boolean): Promise<void> {
  try {
    await page.keyboard.press('Control+n');
    await page.getByTestId('new-sales_order').click();
    await page.getByTestId('field-customerId').click();
    await page.keyboard.type('Agrar');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByTestId('field-deliveryAddress').fill('Hofstraße 1');
    const article = page.locator('[data-line]').first().getByRole('combobox');
    await article.click();
    await article.pressSequentially('OS-1101 Raps');
    await page.keyboard.press('Enter');
    await page.getByTestId('field-notes').click();
    await page.keyboard.type(mark);
    for (let word = 1; word < 40; word++) {
      await page.keyboard.type(` w${word}`, { delay: 15 });
      if (word % 4 === 0) await page.waitForTimeout(350);
      if (sends && word === 8) await page.keyboard.press('Control+s');
    }
  } catch {
    // The page went away under the hands.
  }
}

const valueOf = async <T>(app: LaunchedApp, name: string, input?: unknown): Promise<T> => {
  const answer = await call(app, name, input);
  if (!answer.ok) throw new Error(`${name}: ${answer.error?.code ?? 'no answer'}`);
  return answer.value as T;
};

/** The notes of every document on the server that begin with a mark. */
const onServer = (backend: Backend, mark: string): string[] =>
  backend.control.db.prepare<[], { notes: string | null }>(`SELECT json_extract(body, '$.notes') AS notes FROM documents WHERE deleted = 0`).all()
    .flatMap(({ notes }) => (notes === mark || notes?.startsWith(`${mark} `) === true ? [notes] : []));

test(`nothing that was shown as saved is lost by ${kills} kills, and nothing is on the server twice`, async ({ serve, install }) => {
  test.setTimeout(120_000 + kills * 30_000);
  const backend = await serve({ documents: 40 });
  const installation = await install(backend);
  const random = randomOf(seed);
  const claims: Claims = new Map();
  const marks: string[] = [];
  let app = await installation.start();
  await signInAs(app, backend, 'sales');
  await untilPulled(app);
  for (let kill = 0; kill < kills; kill++) {
    const mark = `K${kill}-${seed}`;
    marks.push(mark);
    const { page } = app;
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Belege');
    await page.keyboard.press('Enter');
    await page.getByTestId('new-document-menu').waitFor();
    await watch(page, claims);
    const process = app.app.process();
    const gone = new Promise((resolve) => { process.once('exit', resolve); });
    const typing = typeUntilKilled(page, mark, random() < 0.5);
    await new Promise((resolve) => { setTimeout(resolve, 1_500 + random() * 7_000); });
    process.kill('SIGKILL');
    await gone;
    await typing;
    app = await installation.start();
    await app.page.getByRole('navigation').first().waitFor({ timeout: 30_000 });
    for (const [id, text] of claims) {
      const draft = await valueOf<{ content: { fields: Record<string, unknown> } } | null>(app, 'drafts.get', { id });
      const notes = draft?.content.fields['notes'];
      const stored = draft === null ? (onServer(backend, text.split(' ')[0] ?? '')[0] ?? '') : typeof notes === 'string' ? notes : '';
      expect(stored, `kill ${kill}: draft ${id} showed "saved" with ${text.length} characters`).toContain(text);
    }
  }
  const told = [...claims.values()].filter((text) => / w\d/.test(text)).length;
  test.info().annotations.push({ type: 'claims', description: `${told} drafts said "saved" with typed words in ${kills} kills` });
  expect(told, 'the form hardly ever said "saved" while words were typed: nothing was tested').toBeGreaterThanOrEqual(Math.ceil(kills / 6));
  // Everything that was sent gets there, once; then every open draft is sent too, and gets there once as well.
  await expect.poll(async () => (await valueOf<OutboxCommand[]>(app, 'outbox.list')).length, { timeout: 60_000 }).toBe(0);
  for (const draft of await valueOf<DraftSummary[]>(app, 'drafts.list')) await call(app, 'drafts.send', { id: draft.id, submit: false });
  await expect.poll(async () => (await valueOf<OutboxCommand[]>(app, 'outbox.list')).filter(({ state }) => state !== 'rejected').length, { timeout: 60_000 }).toBe(0);
  for (const mark of marks) expect(onServer(backend, mark).length, mark).toBeLessThanOrEqual(1);
});
