import type { TFunction } from 'i18next';
import type { AuditFilter, AuditRow, AuditStatus } from '../../../shared/domain/audit.ts';
import { workingHours } from '../../../shared/domain/working-hours.ts';
import type { Format } from '../../i18n/format.ts';

/** Entries that the report lists; all of them are in the proofs. */
export const listedEntries = 400;

/** A filter in words, one line a condition. */
export function filterLines(filter: AuditFilter, t: TFunction<'audit'>, format: Format, nameOf: (action: string) => string): string[] {
  const line = (label: string, value: string | null): string[] => (value === null || value === '' ? [] : [`${label}: ${value}`]);
  const when = (at: number | null): string | null => (at === null ? null : format.dateTime(at));
  return [
    ...line(t('column.actor'), filter.actor), ...line(t('filter.role'), filter.role), ...line(t('column.action'), filter.action === null ? null : nameOf(filter.action)), ...line(t('column.resource'), filter.resource),
    ...line(t('column.outcome'), filter.outcome === null ? null : t(`outcome.${filter.outcome}`)), ...line(t('filter.hours'), filter.hours === null ? null : t('filter.outside', workingHours)),
    ...line(t('entry.correlation'), filter.correlationId), ...line(t('bundle.from'), when(filter.from)), ...line(t('bundle.to'), when(filter.to)), ...line(t('bundle.words'), filter.text),
  ];
}

export type ReportFacts = { status: AuditStatus; filter: AuditFilter; rows: readonly AuditRow[]; total: number; server: string; by: string; madeAt: number };

/** What stands above the proofs, for people who check them or only want to read what they prove. */
export function reportLines({ status, filter, rows, total, server, by, madeAt }: ReportFacts, t: TFunction<'audit'>, format: Format, nameOf: (action: string) => string): string[] {
  const conditions = filterLines(filter, t, format, nameOf);
  const entries = rows.slice(0, listedEntries).map((row) => [format.integer(row.index + 1), format.dateTime(row.at), row.actor, nameOf(row.action), row.resource, t(`outcome.${row.outcome}`), row.index >= (status.verified?.size ?? 0) ? t('bundle.unprovenMark') : '', row.reason ?? ''].filter((part) => part !== '').join(' · '));
  return [
    t('bundle.title'), '',
    t('bundle.made', { when: format.dateTime(madeAt), by }), t('bundle.server', { server }), t('bundle.log', { origin: status.origin ?? '–' }), t('bundle.key', { key: status.key ?? '–' }),
    status.verified === null ? '' : t('bundle.state', { size: format.integer(status.verified.size), when: format.dateTime(status.verified.at) }), t(status.kind === 'witness' ? 'bundle.witness' : 'bundle.cosigned'),
    ...(status.oldest === null ? [] : [t('claimed.oldest', { when: format.dateTime(status.oldest) })]),
    ...status.sections.map(({ number, size, root, sealedAt, sealedBy, reason }) => `${t('section.entry', { number, size: format.integer(size), when: format.dateTime(sealedAt), by: sealedBy, reason })} ${root}`), '',
    t('bundle.conditions'), ...(conditions.length === 0 ? [t('bundle.everything')] : conditions).map((line) => `  ${line}`), '',
    t('bundle.entries', { count: total, shown: format.integer(total) }), ...entries, ...(total > entries.length ? [t('bundle.more', { count: total - entries.length, shown: format.integer(total - entries.length) })] : []), '',
    t('evidence.how'),
  ].map((line) => line.slice(0, 2000));
}
