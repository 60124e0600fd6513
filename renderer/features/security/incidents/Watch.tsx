import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { call } from '../../../bridge/call.ts';
import { useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { addTexts } from '../../../i18n/index.ts';
import { showToast } from '../../../ui/index.ts';
import { namespace } from './words.ts';

addTexts(import.meta.glob<Record<string, string>>('../../../../resources/locales/*/security-incidents.json', { eager: true, import: 'default' }));

/** Tells wherever the person is that a clock of an incident comes to its end. Main remembers what was told. */
export default function IncidentWatch(): ReactNode {
  const { t } = useTranslation(namespace);
  const format = useFormat();
  const navigate = useNavigate();
  const { data } = useCall('incidents.watch', undefined);
  const told = useRef(new Set<string>());
  useEffect(() => {
    const fresh = (data?.reminders ?? []).filter(({ id }) => !told.current.has(id));
    if (fresh.length === 0) return;
    for (const { id, incident, title, isExercise, clock, stage, dueAt } of fresh) {
      told.current.add(id);
      showToast({
        title: t(`watch.${stage}`, { clock: t(`clock.${clock}`) }), text: `${isExercise ? `${t('exercise.badge')}: ` : ''}${t('watch.text', { title, when: format.moment(dueAt) })}`, tone: stage === 'over' ? 'danger' : 'warning',
        action: { label: t('watch.open'), run: () => void navigate(`/security/incidents/${incident}`) },
      });
    }
    // Where it cannot be noted, it is told once more after the next start: better twice than never.
    void call('incidents.told', { ids: fresh.map(({ id }) => id) }).catch(() => undefined);
  }, [data, t, format, navigate]);
  return null;
}
