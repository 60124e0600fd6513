import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReviewFinding } from '../../../../shared/security/review/finding.ts';
import { Badge } from '../../../ui/index.ts';

/** What was decided about a finding, in words. */
export function VerdictMark({ decision }: Pick<ReviewFinding, 'decision'>): ReactNode {
  const { t } = useTranslation('security-review');
  if (decision === null) return <Badge>{t('verdict.open')}</Badge>;
  return decision.verdict === 'raised' ? <Badge tone="danger" icon="warning">{t('verdict.raised')}</Badge> : <Badge tone="success" icon="check">{t('verdict.accepted')}</Badge>;
}
