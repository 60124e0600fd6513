import type { TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';
import { everything, type AuditRow, type AuditStatus } from '../../../shared/domain/audit.ts';
import { createFormat } from '../../i18n/format.ts';
import { filterLines, listedEntries, reportLines } from './evidence-report.ts';

const t = ((key: string, values: Record<string, unknown> = {}) => [key, ...Object.values(values).map(String)].join(' ')) as unknown as TFunction<'audit'>;
const format = createFormat('de');
const nameOf = (action: string): string => (action === 'login' ? 'Angemeldet' : action);
const row = (index: number): AuditRow => ({ index, at: Date.UTC(2026, 2, 1, 8), actor: 'admin', role: 'admin', client: null, action: 'login', resource: 'session', from: null, to: null, reason: index === 0 ? 'x'.repeat(3000) : null, policy: null, correlationId: 'c', outcome: 'accepted' });
const status: AuditStatus = { kind: 'signed', size: 1000, origin: 'erp.example/audit', key: 'erp.example/audit+1+k', verified: { size: 990, at: Date.UTC(2026, 2, 2) }, checkpoints: 3, complete: null, alarms: [], sections: [], cosigners: [], oldest: null };

describe('the report of an evidence bundle', () => {
  it('says what was chosen, in words and completely', () => {
    expect(filterLines(everything, t, format, nameOf)).toEqual([]);
    const full = { ...everything, actor: 'anna', role: 'admin', action: 'login', resource: 'session', outcome: 'refused', hours: 'outside', correlationId: 'c-1', from: new Date(2026, 0, 2, 12).getTime(), to: new Date(2026, 0, 3, 12).getTime(), text: 'Weizen' } as const;
    const lines = filterLines(full, t, format, nameOf);
    expect(lines).toHaveLength(Object.keys(everything).length);
    for (const part of ['anna', 'Angemeldet', 'outcome.refused', 'c-1', '02.01.2026', '03.01.2026', 'Weizen', 'filter.outside 6 20']) expect(lines.join('\n')).toContain(part);
  });

  it('names log, key, state and maker, and says how many entries it does not list', () => {
    const rows = Array.from({ length: listedEntries + 5 }, (_, index) => row(index));
    const lines = reportLines({ status, filter: everything, rows, total: 800, server: 'https://erp.example', by: 'anna', madeAt: Date.UTC(2026, 2, 3) }, t, format, nameOf);
    const text = lines.join('\n');
    for (const part of ['erp.example/audit+1+k', 'https://erp.example', 'anna', '990', 'bundle.cosigned', 'bundle.everything', 'bundle.more 400 400', 'evidence.how']) expect(text).toContain(part);
    expect(lines.filter((line) => line.includes('Angemeldet'))).toHaveLength(listedEntries);
    // What the call takes: 500 lines of 2,000 characters.
    expect(lines.length).toBeLessThanOrEqual(500);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(2000);
    expect(reportLines({ status: { ...status, kind: 'witness' }, filter: everything, rows: [row(1)], total: 1, server: '', by: '', madeAt: 0 }, t, format, nameOf).join('\n')).toContain('bundle.witness');
    const sealed = { number: 1, sealedAt: 0, sealedBy: 'carla', reason: 'Sicherung zurückgespielt', kind: 'signed' as const, origin: null, key: null, size: 800, root: 'AbC=' };
    expect(reportLines({ status: { ...status, sections: [sealed] }, filter: everything, rows: [], total: 0, server: '', by: '', madeAt: 0 }, t, format, nameOf).find((line) => line.startsWith('section.entry'))).toMatch(/800 .*carla Sicherung zurückgespielt AbC=/);
    const marked = reportLines({ status, filter: everything, rows: [row(995), row(989)], total: 2, server: '', by: '', madeAt: 0 }, t, format, nameOf).filter((line) => line.includes('bundle.unprovenMark'));
    expect(marked, 'only 990 entries are covered').toHaveLength(1);
  });
});
