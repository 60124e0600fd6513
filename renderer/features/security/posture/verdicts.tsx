import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PostureResult, Verdict } from '../../../../shared/security/posture/result.ts';
import { Badge, type IconName, type Tone } from '../../../ui/index.ts';

const looks: Readonly<Record<Verdict, { tone: Tone; icon: IconName }>> = {
  good: { tone: 'success', icon: 'check' }, partly: { tone: 'warning', icon: 'warning' }, bad: { tone: 'danger', icon: 'error' },
  unknown: { tone: 'neutral', icon: 'info' }, notApplicable: { tone: 'neutral', icon: 'minus' },
};

/** A result in one word, never by colour alone. */
export function VerdictMark({ verdict }: { verdict: Verdict }): ReactNode {
  const { t } = useTranslation('security-posture');
  return <Badge tone={looks[verdict].tone} icon={looks[verdict].icon}>{t(`verdict.${verdict}`)}</Badge>;
}

/** What was seen, in words. */
export function useSeen(): ({ seen }: Pick<PostureResult, 'seen'>) => string {
  const { t } = useTranslation('security-posture');
  // `count` would choose a plural form, which these texts do not have.
  return ({ seen: { key, params } }) => t(`seen.${key}`, { ...params });
}
