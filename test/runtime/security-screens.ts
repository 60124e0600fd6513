import { join } from 'node:path';
import type { Page } from 'playwright';
import { goTo } from './hands.ts';
import type { Screen } from './screens.ts';

/** Calls main as the window does, for what a picture needs and nobody would want to see typed four times. */
export async function valeo<T>(page: Page, name: string, input?: unknown): Promise<T> {
  return page.evaluate(async ([call, given]) => {
    const bridge = (globalThis as unknown as { valeo: { call(name: string, input: unknown): Promise<{ ok: boolean; value: unknown }> } }).valeo;
    const answer = await bridge.call(call, given);
    if (!answer.ok) throw new Error(`${call} failed`);
    return answer.value;
  }, [name, input] as const) as Promise<T>;
}

/** Reports of scanners that are dropped in. */
const reports = join(import.meta.dirname, '../fixtures/findings');

/** Opens a tab of the security centre. */
export async function openArea(page: Page, german: string, english: string): Promise<void> {
  await goTo(page, 'Sicherheit', 'Security');
  await page.getByRole('tab', { name: new RegExp(`^(${german}|${english})`) }).click();
}

/** Day of the receipt so many days ago, `YYYY-MM-DD`. */
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

/** The screens of the security centre, each reachable from the one before. */
export const securityScreens: readonly Screen[] = [
  { name: 'security-score', async show(page) {
    await valeo(page, 'score.attest', { point: 'humanLayer.awareness', outcome: 'met', owner: 'Personalabteilung', expiresOn: daysAgo(-200), note: 'Schulung am 3. Februar, 41 von 43 Personen' });
    await openArea(page, 'Überblick', 'Overview');
    await page.getByTestId('score-figures').waitFor();
    await page.getByTestId('score-steps').waitFor();
  } },
  { name: 'security-score-point', async show(page) {
    const grid = page.getByRole('grid', { name: /^(Bereiche und Punkte der Bewertung|Areas and points of the score)$/ });
    await grid.getByRole('row').filter({ hasText: /^(Anmeldung|Authentication)/ }).first().dblclick();
    await grid.getByRole('row').filter({ hasText: /^(Zweiter Faktor|Second factor)/ }).first().click();
    await page.getByTestId('score-point').waitFor();
  } },
  { name: 'security-score-attest', async show(page) {
    await page.getByTestId('score-attest').click();
    await page.getByTestId('score-attest-form').waitFor();
  } },
  { name: 'security-findings', async show(page) {
    await page.keyboard.press('Escape');
    const known = await valeo<{ total: number }>(page, 'findings.summary');
    await openArea(page, 'Befunde', 'Findings');
    if (known.total === 0) {
      await page.getByTestId('findings-file').setInputFiles(['trivy/0.57-image.json', 'grype/0.84-image.json', 'zap/2.14-full.json', 'bandit/1.7.10-app.json', 'trivy/0.57-partly.json'].map((name) => join(reports, name)));
      await page.getByTestId('findings-result').nth(4).waitFor();
    }
    await page.getByRole('grid', { name: /^(Befunde|Findings)$/ }).getByRole('row').nth(1).click();
    await page.getByTestId('finding').waitFor();
  } },
  { name: 'security-findings-accept', async show(page) {
    await page.getByTestId('finding-accept').click();
    await page.getByTestId('findings-accept-reason').waitFor();
  } },
  { name: 'security-findings-history', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByTestId('findings-history-open').click();
    await page.getByTestId('findings-history').locator('svg').first().waitFor();
  } },
  { name: 'security-checklists', async show(page) {
    await page.keyboard.press('Escape');
    const day = daysAgo(20);
    const answer = (list: string, item: string, state: string, more: Record<string, unknown> = {}) => valeo(page, 'checklists.answer', { list, item, answer: { state, owner: 'Betrieb', due: null, evidence: '', note: '', ...more } });
    await answer('pre-deployment', 'container-user', 'done', { evidence: 'Bericht zur Härtung, 12. Oktober' });
    await answer('pre-deployment', 'container-readonly', 'partly', { due: daysAgo(-14), evidence: 'Ticket 4711' });
    await answer('pre-deployment', 'rollback', 'open', { due: day, owner: 'Leitung IT' });
    await openArea(page, 'Checklisten', 'Checklists');
    await page.getByTestId('checklist-list').click();
    await page.getByRole('option', { name: /^(Vor der Inbetriebnahme|Before deployment)$/ }).click();
    await page.getByRole('row').nth(10).waitFor();
    await page.getByTestId('checklist-overview').waitFor();
  } },
  { name: 'security-checklists-item', async show(page) {
    await page.getByRole('row').nth(2).click();
    await page.getByTestId('checklist-item').waitFor();
  } },
  { name: 'security-checklists-asvs', async show(page) {
    await page.getByTestId('checklist-list').click();
    await page.getByRole('option', { name: /^ASVS/ }).click();
    await page.getByRole('row').filter({ hasText: 'V3.4.1' }).waitFor();
  } },
  { name: 'security-checklists-campaigns', async show(page) {
    await valeo(page, 'checklists.saveCampaign', { id: '7a5b0c52-38c4-4a5e-9f0e-6c1b6f0f2d11', kind: 'training', title: 'Grundlagen der Sicherheit', heldOn: daysAgo(60), invited: 43, counted: 41, reported: 0, note: '' });
    await valeo(page, 'checklists.saveCampaign', { id: '1c9f4d0a-70a8-4f3b-8a55-0f4f0f4d9a22', kind: 'phishing', title: 'Gefälschte Paketmeldung', heldOn: daysAgo(30), invited: 43, counted: 6, reported: 19, note: '' });
    await page.getByTestId('checklist-list').click();
    await page.getByRole('option', { name: /^(Schulung und Phishing|Training and phishing)$/ }).click();
    await page.getByTestId('campaigns').waitFor();
  } },
  { name: 'security-checklists-campaign', async show(page) {
    await page.getByTestId('campaign-new').click();
    await page.getByTestId('campaign-form').waitFor();
  } },
  { name: 'security-gdpr', async show(page) {
    await page.keyboard.press('Escape');
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
  { name: 'audit-export', async show(page) {
    await page.keyboard.press('Escape');
    await goTo(page, 'Audit', 'Audit');
    await page.getByTestId('audit-export').click();
    await page.getByTestId('audit-export-start').waitFor();
  } },
  { name: 'security-review-new', async show(page) {
    await page.keyboard.press('Escape');
    await openArea(page, 'Prüfbericht', 'Review');
    await page.getByTestId('review-new').click();
    await page.getByTestId('review-form').waitFor();
  } },
  { name: 'security-review', async show(page) {
    await page.keyboard.press('Escape');
    if ((await valeo<unknown[]>(page, 'review.list')).length === 0) await valeo(page, 'review.start', { from: Date.now() - 90 * 86_400_000, to: Date.now() });
    await page.getByRole('grid', { name: /^(Prüfungen|Reviews)$/ }).getByRole('row').nth(1).dblclick();
    await page.getByTestId('review-finding').waitFor();
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
  { name: 'security-incidents', async show(page) {
    await page.keyboard.press('Escape');
    const known = await valeo<{ rows: unknown[] }>(page, 'incidents.list');
    if (known.rows.length === 0) await someIncidents(page);
    await openArea(page, 'Vorfälle', 'Incidents');
    await page.getByRole('row').filter({ hasText: 'Phishing' }).waitFor();
  } },
  { name: 'security-incidents-new', async show(page) {
    await page.getByTestId('incident-new').click();
    await page.getByTestId('incident-form').waitFor();
  } },
  { name: 'security-incidents-detail', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByRole('row').filter({ hasText: 'Fremde Anmeldung' }).dblclick();
    await page.getByTestId('incident').waitFor();
    await page.getByRole('tab', { name: /^(Verlauf|Time line)/ }).click();
    await page.getByTestId('incident-timeline').waitFor();
  } },
  { name: 'security-incidents-tasks', async show(page) {
    await page.getByRole('tab', { name: /^(Aufgaben|Tasks)/ }).click();
    await page.getByTestId('incident-tasks').waitFor();
  } },
  { name: 'security-incidents-actions', async show(page) {
    await page.getByRole('tab', { name: /^(Maßnahmen|Actions)/ }).click();
    await page.getByTestId('incident-actions').waitFor();
  } },
  { name: 'security-incidents-reports', async show(page) {
    await page.getByRole('tab', { name: /^(Meldungen|Reports)/ }).click();
    await page.getByTestId('incident-reports').waitFor();
  } },
  { name: 'security-incidents-report', async show(page) {
    await page.getByTestId('report-gdpr33').click();
    await page.getByTestId('report-by').waitFor();
  } },
  { name: 'security-incidents-after', async show(page) {
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: /^(Nachbereitung|Post-mortem)/ }).click();
    await page.getByTestId('lesson-summary').waitFor();
  } },
  { name: 'security-incidents-exercise', async show(page) {
    await openArea(page, 'Vorfälle', 'Incidents');
    await page.getByRole('row').filter({ hasText: 'Phishing' }).dblclick();
    await page.getByTestId('incident').waitFor();
  } },
  { name: 'security-incidents-leavers', async show(page) {
    await openArea(page, 'Vorfälle', 'Incidents');
    await page.getByTestId('open-leavers').click();
    await page.getByRole('row').filter({ hasText: 'Vera Vertrieb' }).click();
    await page.getByTestId('leaver-steps').waitFor();
  } },
];

/** An incident in the middle of its work, an exercise, one that is only seen, and somebody who leaves. */
async function someIncidents(page: Page): Promise<void> {
  const hour = 3_600_000;
  const now = Date.now();
  const make = async (title: string, severity: string, hoursAgo: number, isExercise = false): Promise<string> => {
    const { incident } = await valeo<{ incident: { id: string } }>(page, 'incidents.create', { title, description: 'Anmeldungen aus einem Netz, in dem niemand von uns arbeitet.', severity, isExercise, detectedAt: now - hoursAgo * hour, awareAt: now - hoursAgo * hour, origin: null });
    return incident.id;
  };
  const id = await make('Fremde Anmeldung am Konto des Einkaufs', 'critical', 23);
  const obey = (command: object) => valeo(page, 'incidents.obey', { id, command });
  await obey({ do: 'respond' });
  await obey({ do: 'role', role: 'lead', person: 'Anke Admin' });
  await obey({ do: 'role', role: 'technical', person: 'Olaf Operator' });
  await obey({ do: 'duty', duty: 'gdpr33', applies: 'yes', reason: 'Kontaktdaten von Kunden waren einsehbar' });
  await obey({ do: 'affected', kind: 'systems', name: 'ERP, Einkauf', isAffected: true });
  await obey({ do: 'affected', kind: 'people', name: 'Ansprechpartner von 14 Lieferanten', isAffected: true });
  await obey({ do: 'check', item: 'facts', done: true });
  await obey({ do: 'check', item: 'severitySet', done: true });
  await obey({ do: 'phase', phase: 'containment' });
  await obey({ do: 'addTask', title: 'Zugänge der Spedition prüfen', owner: 'Olaf Operator', phase: 'eradication', dueAt: now + 5 * hour });
  await obey({ do: 'note', text: 'Der Anbieter bestätigt: kein zweiter Faktor am Konto.' });
  await obey({ do: 'report', kind: 'nis2Early', authority: 'BSI', reference: 'NIS-2026-0417', note: '', at: now - 2 * hour, by: 'Carla Controller' });
  await valeo(page, 'incidents.act', { id, action: { kind: 'endSessions', user: 'purchase' } });
  await make('Phishing-Welle am Montagmorgen', 'medium', 1, true);
  await make('Unbekanntes Gerät im Lagernetz', 'low', 5);
  const { id: leaver } = await valeo<{ id: string }>(page, 'incidents.newLeaver', { account: 'sales', name: 'Vera Vertrieb', leavesAt: now - 3 * hour });
  const step = (command: object) => valeo(page, 'incidents.leaver', { id: leaver, command });
  await valeo(page, 'incidents.endSessions', { id: leaver });
  await step({ do: 'attest', step: 'devices', state: 'attested', note: 'Notebook 114 und Telefon zurück, gelöscht' });
  await step({ do: 'addSecret', name: 'spedition-api' });
}
