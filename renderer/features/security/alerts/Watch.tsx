import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useCall } from '../../../bridge/queries.ts';
import { addTexts } from '../../../i18n/index.ts';
import { showToast } from '../../../ui/index.ts';

addTexts(import.meta.glob<Record<string, string>>('../../../../resources/locales/*/security-alerts.json', { eager: true, import: 'default' }));

/** Tells the frame how many alerts fire, and shows a toast for each that newly does. Paints nothing itself. */
export default function Watch({ onCount }: { onCount: (count: number) => void }): ReactNode {
  const { t } = useTranslation('security-alerts');
  const navigate = useNavigate();
  /** What fired at the last look; null before the first, which is no news. */
  const known = useRef<ReadonlySet<string> | null>(null);
  const { data } = useCall('alerts.firing', undefined);
  useEffect(() => {
    if (data === undefined) return;
    onCount(data.count);
    const before = known.current;
    known.current = new Set(data.newest.map(({ id, since }) => `${id} ${since}`));
    if (before === null) return;
    for (const { id, since, name, origin, severity } of data.newest) {
      if (before.has(`${id} ${since}`)) continue;
      showToast({
        title: t('fired'), text: origin === 'local' ? t(`local.${name}`) : name, tone: severity === 'critical' ? 'danger' : 'warning',
        action: { label: t('open'), run: () => void navigate(`/security/alerts/${encodeURIComponent(id)}`) },
      });
    }
  }, [data, navigate, onCount, t]);
  return null;
}
