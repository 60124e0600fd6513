import { securityCentreCalls } from '../../shared/ipc/calls/security/index.ts';
import { securityAreas, type SecurityArea } from '../../shared/security/areas.ts';
import { centreInputs } from '../fixtures/centre-calls.ts';
import { untilPulled } from '../runtime/hands.ts';
import { call, expect, signInAs, test, type Backend } from './fixtures.ts';

const patience = 20_000;

/** A value that each area shows to somebody who may only read; the buttons that act, and the other ones, which read. */
const areas: Readonly<Record<SecurityArea, { value: string | RegExp; acts: readonly string[]; reads: RegExp }>> = {
  score: { value: /\d+,\d %/, acts: [], reads: /^(?:Neu ermitteln|Exportieren …|.* aufklappen|[A-ZÄÖÜ][^…]+)$/ },
  posture: { value: 'noch nie geprüft', acts: ['Server prüfen …'], reads: /^$/ },
  findings: { value: 'Noch kein Bericht importiert', acts: ['Berichte importieren'], reads: /^(?:Verlauf|CSV|Vom Server holen|Ziel: aus dem Bericht|Schwere|Status:.*|Filter Status entfernen|Werkzeuge|Auswahl|Fällig|Zuerst gesehen)$/ },
  // Which servers beside the ERP are asked is a setting of this computer, open to everybody who works at it.
  alerts: { value: /Beobachtet|beobachtet|Alarm/, acts: ['Schwellen …'], reads: /^(?:Neu lesen|Überwachung einrichten …)$/ },
  metrics: { value: 'Bereit seit', acts: [], reads: /^(?:Letzte Stunde|Jetzt messen|Überwachung einrichten …)$/ },
  backups: { value: 'täglich', acts: ['Nachweis prüfen …', 'Jetzt sichern'], reads: /^(?:Neu einlesen)$/ },
  secrets: { value: 'database-password', acts: ['Geheimnis eintragen …'], reads: /^(?:Neu einlesen)$/ },
  incidents: { value: 'Fremde Anmeldung', acts: ['Neuer Vorfall'], reads: /^(?:Austritte)$/ },
  gdpr: { value: '0 offene Anträge', acts: ['Neuer Antrag'], reads: /^(?:Folgenabschätzung …)$/ },
  checklists: { value: /\d+ von \d+ geklärt/, acts: [], reads: /^(?:Abgleichen|Als CSV …|ASVS.*|ISO.*|NIS.*|Vor der.*|Nach der.*|Schulung.*|alle)$/ },
  review: { value: '0 Prüfungen', acts: ['Prüfung beginnen'], reads: /^$/ },
};
/** One thing of an area with its details open, and the buttons there that only read. */
const details: readonly { address: string; open: string; value: string; reads: RegExp }[] = [
  { address: 'score', open: 'Zweiter Faktor bei der Anmeldung', value: 'gemessen', reads: areas.score.reads },
  { address: 'secrets', open: 'database-password', value: 'Datenbank', reads: /^(?:Neu einlesen|Schließen)$/ },
  { address: 'checklists/asvs', open: 'V2.2.1', value: 'Antwort', reads: /^(?:Schließen|Abgleichen|Als CSV …|ASVS.*|alle)$/ },
];

test('an auditor opens every area, sees its values, and acts in none of them', async ({ serve, install }) => {
  const backend: Backend = await serve({ documents: 20 });
  const office = await (await install(backend)).start();
  await signInAs(office, backend, 'admin');
  const now = Date.now();
  expect(await call(office, 'incidents.create', { title: 'Fremde Anmeldung', description: '', severity: 'high', isExercise: false, detectedAt: now, awareAt: now, origin: null })).toMatchObject({ ok: true });
  await expect.poll(() => backend.control.db.prepare('SELECT count(*) FROM incidents').pluck().get(), { timeout: patience }).toBe(1);
  await office.close();

  const app = await (await install(backend, { id: 'audit' })).start();
  const { page } = app;
  await signInAs(app, backend, 'auditor');
  await untilPulled(app);
  const panel = page.getByRole('tabpanel').first();
  /** Every button on show: whether it can be pressed, and what it says where it cannot. */
  const buttons = async (): Promise<{ name: string; isOff: boolean; why: string }[]> => panel.getByRole('button').evaluateAll((found) => found.map((one) => ({
    name: (one.getAttribute('aria-label') ?? one.textContent).trim(), isOff: one.getAttribute('aria-disabled') === 'true' || (one as HTMLButtonElement).disabled,
    why: document.getElementById(one.getAttribute('aria-describedby') ?? '')?.textContent ?? '',
  })));
  const show = async (address: string): Promise<void> => {
    await page.evaluate((hash) => { location.hash = hash; }, `#/security/${address}`);
    await expect(panel.locator('footer').first()).toBeVisible({ timeout: patience });
  };

  for (const area of securityAreas) {
    const { value, acts, reads } = areas[area];
    await show(area);
    await expect(panel, area).toContainText(value, { timeout: patience });
    const all = await buttons();
    expect.soft(all.filter(({ isOff, name }) => !isOff && !reads.test(name)), `${area}: what can be pressed`).toEqual([]);
    for (const name of acts) {
      const found = all.filter((one) => one.name === name);
      expect.soft(found.length, `${area}: ${name}`).toBeGreaterThan(0);
      expect.soft(found.filter(({ isOff, why }) => !isOff || !why.includes('admin:all')), `${area}: ${name} says why it is closed`).toEqual([]);
    }
    await expect(panel.getByRole('alert'), area).toHaveCount(0);
  }
  for (const { address, open, value, reads } of details) {
    await show(address);
    await panel.getByText(open, { exact: true }).first().click();
    await expect(panel.getByRole('button', { name: 'Schließen', exact: true })).toBeVisible({ timeout: patience });
    await expect(panel, address).toContainText(value);
    expect.soft((await buttons()).filter(({ isOff, name }) => !isOff && !reads.test(name)), `${address}: details`).toEqual([]);
    await expect(panel.getByRole('alert'), address).toHaveCount(0);
  }

  // An incident, tab by tab: everything in it is there to be read.
  await show('incidents');
  await panel.getByText('Fremde Anmeldung').first().dblclick();
  await expect(page.getByTestId('incident')).toBeVisible({ timeout: patience });
  for (const name of ['Verlauf', 'Meldungen', 'Aufgaben', 'Maßnahmen', 'Nachbereitung']) {
    const tab = panel.getByRole('tab', { name });
    await tab.click();
    await expect(tab).toHaveAttribute('aria-selected', 'true');
    const all = await buttons();
    expect.soft(all.filter(({ isOff }) => !isOff).map((one) => one.name), name).toEqual(name === 'Nachbereitung' ? ['Zurück', 'Als Markdown speichern', 'Als PDF speichern'] : ['Zurück']);
    // A choice says nothing about itself, what it belongs to does; and no entry of the log is attached that could be saved.
    expect.soft(all.filter(({ isOff, why, name: button }) => isOff && !why.includes('admin:all') && !['Beweis speichern', 'Erkennung'].includes(button)), name).toEqual([]);
    await expect(panel.getByRole('alert'), name).toHaveCount(0);
  }

  await show('findings');
  await panel.getByTestId('findings-fetch').click();
  await expect(panel).toContainText('python-multipart', { timeout: patience });
  await panel.getByText('python-multipart').first().click();
  await expect(panel.getByTestId('finding-accept')).toHaveAttribute('aria-disabled', 'true');

  // What a window that ignored its own buttons would get: nothing, and the server never hears of it.
  for (const name of Object.keys(securityCentreCalls) as (keyof typeof securityCentreCalls)[]) {
    // Bytes do not cross into the page of a test.
    if (securityCentreCalls[name].right !== 'act' || name === 'findings.part') continue;
    expect(await call(app, name, centreInputs[name]), name).toMatchObject({ ok: false, error: { code: 'access.missingScope' } });
  }
  const written = backend.control.db.prepare<[], { canonical: string }>("SELECT canonical FROM audit_log WHERE actor = 'auditor'").all().map(({ canonical }) => canonical);
  expect(written.some((entry) => entry.includes('"vulnerabilities.read"'))).toBe(true);
  expect(written.filter((entry) => entry.includes('"refused"'))).toEqual([]);
});
