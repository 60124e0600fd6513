import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FiredAlert } from '../../../../shared/security/alerts/alert.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Badge, type Tone } from '../../../ui/index.ts';

const severe = new Set(['critical', 'error', 'page', 'high']);
const known = ['critical', 'error', 'page', 'high', 'warning', 'warn', 'medium', 'info', 'low', 'none'];

/** How bad a rule calls it, in words; those of unknown rules as they are. */
export function SeverityMark({ severity }: { severity: string }): ReactNode {
  const { t } = useTranslation('security-alerts');
  const tone: Tone = severe.has(severity) ? 'danger' : severity.startsWith('warn') || severity === 'medium' ? 'warning' : 'neutral';
  return <Badge tone={tone} {...(tone === 'danger' ? { icon: 'error' as const } : tone === 'warning' ? { icon: 'warning' as const } : {})}>{known.includes(severity) ? t(`severity.${severity}`) : severity === '' ? t('severity.unknown') : severity}</Badge>;
}

export function StateMark({ state }: { state: FiredAlert['state'] }): ReactNode {
  const { t } = useTranslation('security-alerts');
  return <Badge tone={state === 'firing' ? 'accent' : 'neutral'} icon={state === 'firing' ? 'clock' : 'minus'}>{t(`state.${state}`)}</Badge>;
}

/** What an alert is called and says; those of this app's own rules in the language of the window. */
export function useAlertTexts(): { nameOf: (alert: Pick<FiredAlert, 'origin' | 'name'>) => string; summaryOf: (alert: FiredAlert) => string } {
  const { t } = useTranslation('security-alerts');
  const format = useFormat();
  const figure = (name: string, text: string | undefined): string => {
    const value = Number(text);
    return name === 'errorRate' ? `${format.decimal((value * 100).toFixed(1))} %` : value < 1 ? `${format.decimal((value * 1000).toFixed(0))} ms` : `${format.decimal(value.toFixed(2))} s`;
  };
  return {
    nameOf: ({ origin, name }) => (origin === 'local' ? t(`local.${name}`) : name === '' ? t('unnamed') : name),
    summaryOf: ({ origin, name, annotations, labels }) => (origin === 'local'
      ? t(`local.${name}Text`, { value: figure(name, labels['value']), limit: figure(name, labels['limit']) })
      : annotations['summary'] ?? annotations['description'] ?? annotations['message'] ?? ''),
  };
}
