import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { goTo } from '../runtime/hands.ts';
import { expect, signInAs, test } from './fixtures.ts';

const fixtures = join(import.meta.dirname, '../fixtures/findings');
const patience = 20_000;

/** As much of Trivy's report as the test changes. */
type Trivy = { CreatedAt: string; ArtifactName: string; Results: { Vulnerabilities: ({ VulnerabilityID?: string } | null)[] }[] };

/** Lets a file fall onto the list, as from the desktop's file manager. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const transfer = await page.evaluateHandle(([file, content]) => {
    const dropped = new DataTransfer();
    dropped.items.add(new File([content], file, { type: 'application/json' }));
    return dropped;
  }, [name, text] as const);
  await page.getByTestId('findings-drop').dispatchEvent('drop', { dataTransfer: transfer });
}

test('reports are imported, filtered, accepted by keyboard, closed by what a later scan covers, and a broken one changes nothing', async ({ serve, install }) => {
  const backend = await serve({ documents: 5 });
  const installation = await install(backend);
  const app = await installation.start();
  const { page } = app;
  const { keyboard } = page;
  await signInAs(app, backend, 'admin');
  await goTo(page, 'Sicherheit', 'Security');
  await page.getByRole('tab', { name: /^Befunde/ }).click();
  await expect(page.getByText('Noch kein Bericht importiert').first()).toBeVisible();

  // One through the file dialog, one by drag and drop.
  const trivyFile = join(fixtures, 'trivy/0.57-image.json');
  const chooser = page.waitForEvent('filechooser');
  await keyboard.press('Control+i');
  await (await chooser).setFiles(trivyFile);
  const results = page.getByTestId('findings-result');
  await expect(results).toHaveText(/0\.57-image\.json: 5 Zeilen gelesen, davon 5 neu/, { timeout: patience });
  await drop(page, 'codeql.sarif', await readFile(join(fixtures, 'sarif/codeql-2.18.json'), 'utf8'));
  await expect(results).toHaveText(/codeql\.sarif: 2 Zeilen gelesen, davon 2 neu/, { timeout: patience });
  await expect(page.getByText('7 offene Befunde')).toBeVisible();
  const grid = page.getByRole('grid', { name: 'Befunde' });
  const rows = grid.locator('[role="row"][aria-rowindex]:not([aria-rowindex="1"])');
  await expect(rows).toHaveCount(7);

  // Down to the one in question, without a pointer.
  const filters = page.getByRole('search', { name: 'Befunde filtern' });
  await filters.getByRole('button', { name: /^Schwere/ }).click();
  await page.getByRole('option', { name: 'kritisch' }).click();
  await keyboard.press('Escape');
  await expect(rows).toHaveCount(3);
  await keyboard.press('F3');
  await keyboard.type('zlib');
  await expect(rows).toHaveCount(1);
  await expect(page.getByText('gefiltert')).toBeVisible();
  for (let presses = 0; presses < 20 && !(await grid.evaluate((element) => element.contains(document.activeElement))); presses++) await keyboard.press('Tab');
  await keyboard.press('Home');
  const pane = page.getByTestId('finding');
  await expect(pane).toContainText('CVE-2022-37434');
  await expect(pane).toContainText('CVSS 9.8');
  await expect(pane).toContainText('1:1.2.11.dfsg-2+deb11u2');
  await keyboard.press('a');
  const dialog = page.getByRole('dialog');
  await expect(page.getByTestId('findings-accept-reason')).toBeFocused();
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(dialog).toContainText('Ohne Begründung geht es nicht.');
  await page.getByTestId('findings-accept-reason').focus();
  await keyboard.type('Wird nicht geladen, Ersatz kommt mit 3.2');
  await keyboard.press('Tab');
  const until = new Date(Date.now() + 30 * 86_400_000);
  const untilText = `${String(until.getDate()).padStart(2, '0')}.${String(until.getMonth() + 1).padStart(2, '0')}.${until.getFullYear()}`;
  await keyboard.press('ControlOrMeta+a');
  await keyboard.type(untilText);
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(dialog).toHaveCount(0, { timeout: patience });
  await expect(rows).toHaveCount(0);
  await expect(pane).toContainText('Wird nicht geladen, Ersatz kommt mit 3.2');
  await expect(pane).toContainText(`gilt bis ${untilText}`);
  await expect(page.getByText('6 offene Befunde')).toBeVisible();
  await page.getByRole('button', { name: 'Filter zurücksetzen' }).first().click();
  await expect(rows).toHaveCount(6);

  // A later scan of the same image without one of them; another image says nothing about this one.
  const trivy = JSON.parse(await readFile(trivyFile, 'utf8')) as Trivy;
  const later: Trivy = { ...trivy, CreatedAt: '2026-11-20T08:00:00Z', Results: trivy.Results.map((result) => ({ ...result, Vulnerabilities: result.Vulnerabilities.filter((one) => one?.VulnerabilityID !== 'CVE-2024-34064') })) };
  await drop(page, 'other.json', JSON.stringify({ ...later, ArtifactName: 'registry.example.de/erp/worker:3.1.0' }));
  await expect(results).toHaveText(/other\.json: 4 Zeilen gelesen, davon 0 neu und 4 schon bekannt/, { timeout: patience });
  await expect(page.getByText('6 offene Befunde')).toBeVisible();
  await drop(page, 'later.json', JSON.stringify(later));
  await expect(results).toHaveText(/later\.json: 4 Zeilen gelesen, .*4 schon bekannt.*1 geschlossen/, { timeout: patience });
  await expect(page.getByText('5 offene Befunde')).toBeVisible();
  await filters.getByRole('button', { name: /^Auswahl/ }).click();
  await page.getByRole('option', { name: 'geschlossen im letzten Import' }).click();
  await keyboard.press('Escape');
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText('CVE-2024-34064');
  await expect(rows).toContainText('behoben');
  await page.getByRole('button', { name: 'Filter zurücksetzen' }).first().click();
  // What the static analysis found is none of the image scan's business.
  await expect(rows.filter({ hasText: 'app/export/runner.py' })).toHaveCount(1);

  // More than half of it unusable: refused as a whole, with the reason.
  const broken: Trivy = { ...later, CreatedAt: '2026-11-25T08:00:00Z', Results: [{ ...later.Results[0], Vulnerabilities: [later.Results[0]?.Vulnerabilities[0] ?? null, null, {}] }] };
  const brokenFile = join(installation.folder, 'broken.json');
  await writeFile(brokenFile, JSON.stringify(broken));
  await page.getByTestId('findings-file').setInputFiles(brokenFile);
  await expect(results).toHaveText(/broken\.json wurde abgelehnt\. 2 von 3 Zeilen sind nicht lesbar, mehr als die Hälfte\./, { timeout: patience });
  await expect(page.getByText('5 offene Befunde')).toBeVisible();
  await expect(rows).toHaveCount(5);
  await page.getByTestId('findings-history-open').click();
  await expect(page.getByTestId('findings-history')).toContainText('broken.json wurde abgelehnt');
});
