import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelineEntry } from '../../../../shared/security/incidents/incident.ts';
import type { Severity } from '../../../../shared/security/incidents/phases.ts';
import { useFormat } from '../../../i18n/format.ts';
import type { IconName, Tone } from '../../../ui/index.ts';

export const namespace = 'security-incidents';

/** Colour never stands alone: each severity has its word and its sign. */
export const severityLooks: Readonly<Record<Severity, { tone: Tone; icon: IconName }>> = {
  critical: { tone: 'danger', icon: 'error' }, high: { tone: 'danger', icon: 'warning' }, medium: { tone: 'warning', icon: 'warning' }, low: { tone: 'neutral', icon: 'info' },
};

/** Which list of words a value of a time line entry belongs to. */
const listOf: Readonly<Record<string, string>> = { role: 'role', duty: 'duty', applies: 'answer', report: 'reportKind', item: 'check', inTime: 'clockState', action: 'action', outcome: 'outcome', change: 'taskChange', take: 'take', phase: 'rotation', field: 'field' };

/** Sentences of the time line. */
export function useTell(): (entry: Pick<TimelineEntry, 'kind' | 'params'>) => string {
  const { t, i18n } = useTranslation(namespace);
  const format = useFormat();
  return useMemo(() => {
    const known = (key: string, fallback: string): string => (i18n.exists(key, { ns: namespace }) ? t(key) : fallback);
    const word = (kind: TimelineEntry['kind'], name: string, value: string): string => {
      if (kind === 'severity' || kind === 'created') return known(`severity.${value}`, value);
      if (kind === 'phase' || kind === 'closed') return known(`phase.${value}`, value);
      if (kind === 'affected' && name === 'kind') return known(`field.${value}`, value);
      if (kind === 'affected' && name === 'isAffected') return t(value === 'true' ? 'affected.added' : 'affected.removed');
      if (kind === 'aware' || name === 'told') return Number.isFinite(Number(value)) ? format.dateTime(Number(value)) : value;
      if (name === 'done') return t(value === 'true' ? 'word.done' : 'word.undone');
      if (kind === 'lesson' && name === 'field') return known(`lesson.${value}`, value);
      const list = listOf[name];
      return list === undefined ? (value === '' ? '–' : value) : known(`${list}.${value}`, value);
    };
    return ({ kind, params }) => t(kind === 'action' && params['outcome'] === 'done' ? `actionDone.${params['action'] ?? ''}` : `timeline.${kind}`, Object.fromEntries(Object.entries(params).map(([name, value]) => [name, word(kind, name, value)])));
  }, [t, i18n, format]);
}
