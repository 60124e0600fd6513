import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FindingStatus } from '../../../../shared/security/findings/finding.ts';
import type { Severity } from '../../../../shared/security/findings/severity.ts';
import { Badge, type IconName, type Tone } from '../../../ui/index.ts';

const severityTone: Readonly<Record<Severity, Tone>> = { critical: 'danger', high: 'danger', medium: 'warning', low: 'neutral', info: 'neutral' };
const severityIcon: Readonly<Partial<Record<Severity, IconName>>> = { critical: 'error', high: 'warning' };

/** How bad it is, in a word; the colour only repeats it. */
export function SeverityMark({ severity }: { severity: Severity }): ReactNode {
  const { t } = useTranslation('security-findings');
  const icon = severityIcon[severity];
  return <Badge tone={severityTone[severity]} {...(icon !== undefined && { icon })}>{t(`severity.${severity}`)}</Badge>;
}

const statusTone: Readonly<Record<FindingStatus, Tone>> = { open: 'accent', fixed: 'success', accepted: 'neutral', notAffected: 'neutral' };

/** What became of it. */
export function StatusMark({ status }: { status: FindingStatus }): ReactNode {
  const { t } = useTranslation('security-findings');
  return <Badge tone={statusTone[status]}>{t(`status.${status}`)}</Badge>;
}
