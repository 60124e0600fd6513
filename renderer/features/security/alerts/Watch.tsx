import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useCall } from '../../../bridge/queries.ts';
import { addTexts } from '../../../i18n/index.ts';
import { showToast } from '../../../ui/index.ts';
import { newlyFiring } from './newly-firing.ts';

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
    const { fresh, known: now } = newlyFiring(known.current, data.newest);
    known.current = now;
    for (const { id, name, origin, severity } of fresh) {
      showToast({
        title: t('fired'), text: origin === 'local' ? t(`local.${name}`) : name, tone: severity === 'critical' ? 'danger' : 'warning',
        action: { label: t('open'), run: () => void navigate(`/security/alerts/${encodeURIComponent(id)}`) },
      });
    }
  }, [data, navigate, onCount, t]);
  return null;
}
