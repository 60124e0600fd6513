import { QueryClientProvider } from '@tanstack/react-query';
import i18next from 'i18next';
import { renderToString } from 'react-dom/server';
import { MemoryRouter, Route, Routes } from 'react-router';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { scratchDatabase, type Scratch } from '../../../../test/fixtures/database.ts';
import { findingsOf, noon } from '../../../../test/fixtures/findings.ts';
import { queryClient } from '../../../bridge/queries.ts';
import { createFormat } from '../../../i18n/format.ts';
import { addTexts, startTexts } from '../../../i18n/index.ts';
import { importSentence, troubleFirst } from './ImportResult.tsx';
import FindingsScreen from './index.tsx';

addTexts(import.meta.glob<Record<string, string>>('../../../../resources/locales/*/security.json', { eager: true, import: 'default' }));

let scratch: Scratch;
let book: ReturnType<typeof findingsOf>;
beforeEach(() => {
  vi.stubGlobal('document', { documentElement: { lang: 'de' } });
  startTexts('de');
  vi.unstubAllGlobals();
  scratch = scratchDatabase();
  const { writer } = scratch.open();
  book = findingsOf(writer);
  for (const name of ['trivy/0.57-image.json', 'grype/0.84-image.json', 'zap/2.14-full.json', 'cyclonedx/1.6-vex-not-affected.json']) book.file(name);
  queryClient.setQueryData(['findings.summary', undefined], book.summary(noon));
  queryClient.setQueryData(['findings.imports', { limit: 200 }], book.imports());
  for (const row of book.list()) queryClient.setQueryData(['findings.get', { id: row.id }], book.get(row.id));
});
afterEach(() => {
  queryClient.clear();
  scratch.remove();
});

const shown = (path: string): string => renderToString(
  <QueryClientProvider client={queryClient}><MemoryRouter initialEntries={[`/security/findings/${path}`]}><Routes><Route path="/security/findings/*" element={<FindingsScreen />} /></Routes></MemoryRouter></QueryClientProvider>,
).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

it('says of every finding why it is so severe, where, who says so and how to fix it', () => {
  const rows = book.list();
  expect(rows.length).toBeGreaterThan(8);
  for (const { id, title } of rows) {
    const text = shown(String(id));
    expect(text).toContain(title.slice(0, 30));
    for (const part of ['Warum diese Schwere', 'Abhilfe', 'Wo', 'Wer es sagt', 'Geschichte']) expect(text).toContain(part);
    // A key without a text would stand there as itself.
    expect(text).not.toMatch(/\b(event|reason|statement|kind|severity|status|pane|source)\.[a-z]/i);
  }
  const pillow = rows.find(({ title }) => title.includes('CVE-2023-50447'));
  // Grype was first and knows no title: the other tool's stands there.
  expect(pillow?.title).toBe('CVE-2023-50447 Arbitrary Code Execution in Pillow');
  expect(shown(String(pillow?.id))).toContain('CVSS 9.8');
});

it('shows the trend with its table and says in one sentence what an import did', () => {
  const text = shown('history');
  expect(text).toContain('Offene Befunde über die Zeit');
  expect(text).toMatch(/kritisch hoch mittel niedrig Import Neu Weg/);
  const words = i18next.getFixedT('de', 'security-findings');
  expect(importSentence(book.file('trivy/0.57-partly.json'), words, createFormat('de'))).toBe('trivy/0.57-partly.json: 4 Zeilen gelesen, davon 1 neu, 1 schon bekannt und 2 nicht lesbar.');
  expect(importSentence({ ...book.file('trivy/0.57-clean.json'), refused: 'mostlyUnusable', rows: 1, unusable: 3, file: 'a.json' }, words, createFormat('de'))).toBe('a.json wurde abgelehnt. 3 von 4 Zeilen sind nicht lesbar, mehr als die Hälfte.');
});

it('puts what went wrong above what went well, each in the order of its files', () => {
  const record = book.file('trivy/0.57-clean.json');
  const all = [{ ...record, file: 'a' }, { ...record, file: 'b', unusable: 2 }, { ...record, file: 'c' }, { ...record, file: 'd', refused: 'unreadable' as const, unusable: 9 }];
  expect(troubleFirst(all).map(({ file }) => file)).toEqual(['d', 'b', 'a', 'c']);
});
