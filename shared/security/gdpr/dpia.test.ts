import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../evidence.ts';
import { dpiaMarkdown, dpiaTemplateSchema, fillDpia, type DpiaFacts } from './dpia.ts';

const template = (language: string) => dpiaTemplateSchema.parse(JSON.parse(readFileSync(new URL(`../../../resources/security/dpia/${language}.json`, import.meta.url), 'utf8')));
const evidence = (more: Partial<Evidence>): Evidence => ({ point: 'tls.hsts', origin: 'posture', outcome: 'met', source: 'measured', at: 1, expiresAt: null, messageKey: 'a.b', params: {}, by: null, link: null, ...more });
const facts = (list: Evidence[] = []): DpiaFacts => ({ server: 'erp.example.de', environment: 'production', provider: 'keycloak', by: 'admin', now: 100, evidence: list, date: (at) => `day ${at}` });
const measure = (text: string, list: Evidence[]): readonly string[] | undefined =>
  fillDpia(template('en'), facts(list)).sections.flatMap(({ table }) => table?.rows ?? []).find(([name]) => name?.startsWith(text));

describe('the template of an impact assessment', () => {
  it('has the same parts in both languages, and leaves no value open', () => {
    const [de, en] = ['de', 'en'].map((language) => fillDpia(template(language), facts()));
    expect(de?.sections.map(({ table, input, paragraphs }) => [table?.rows.length, input.length, paragraphs.length])).toEqual(en?.sections.map(({ table, input, paragraphs }) => [table?.rows.length, input.length, paragraphs.length]));
    for (const language of ['de', 'en']) {
      expect(template(language).measures.map(({ points }) => points)).toEqual(template('de').measures.map(({ points }) => points));
      expect(dpiaMarkdown(fillDpia(template(language), facts()))).not.toContain('{{');
    }
  });

  it('says of each measure how it stands, by the weakest of its parts', () => {
    const tls = (outcome: Evidence['outcome']): Evidence[] => [evidence({}), evidence({ point: 'tls.version' }), evidence({ point: 'tls.certificate', outcome })];
    expect(measure('Encrypted transport', tls('met'))).toEqual(['Encrypted transport', 'met', 'measured on day 1']);
    expect(measure('Encrypted transport', tls('unmet'))?.[1]).toBe('not met');
    expect(measure('Encrypted transport', tls('partly'))?.[1]).toBe('partly met');
    expect(measure('Encrypted transport', [evidence({})])?.[1]).toBe('no evidence');
    expect(measure('Encrypted transport', tls('met').map((one) => ({ ...one, expiresAt: 100 })))?.[1]).toBe('evidence is stale');
    const claimed = evidence({ point: 'tls.certificate', origin: 'server.summary', source: 'claimed' });
    expect(measure('Encrypted transport', [...tls('unmet'), claimed])?.[1]).toBe('not met');
    expect(measure('Encrypted transport', [...tls('unmet'), evidence({ point: 'tls.certificate', origin: 'other' })])?.[1]).toBe('not met');
    expect(measure('Training', [evidence({ point: 'humanLayer.awareness', source: 'attested', by: 'Eva', at: 7 }), evidence({ point: 'humanLayer.offboarding', source: 'claimed' })])?.[2]).toBe('attested by Eva on day 7; claimed by the server, day 1');
  });

  it('does not call met what the server only claims, or what does not apply', () => {
    const tls = (more: Partial<Evidence>): Evidence[] => [evidence({}), evidence({ point: 'tls.version', ...more }), evidence({ point: 'tls.certificate', ...more })];
    expect(measure('Encrypted transport', tls({ source: 'claimed' }))?.[1]).toBe("met by the server's word");
    expect(measure('Encrypted transport', tls({ outcome: 'notApplicable' }))?.[1], 'what is left is met').toBe('met');
    expect(measure('Encrypted transport', tls({}).map((one) => ({ ...one, outcome: 'notApplicable' as const })))?.[1]).toBe('does not apply');
    expect(measure('Encrypted transport', tls({ outcome: 'notApplicable', source: 'claimed' }))?.[1]).toBe('no evidence');
  });

  it('marks what only the customer knows, and keeps tables whole', () => {
    const text = dpiaMarkdown(fillDpia(template('de'), { ...facts(), by: 'A|B' }));
    expect(text).toContain('- [ ] Datum und Unterschrift:');
    expect(text).not.toContain('?:');
    expect(text.split('\n').filter((line) => line.startsWith('|')).every((line) => line.replaceAll('\\|', '').split('|').length === 5)).toBe(true);
  });
});
