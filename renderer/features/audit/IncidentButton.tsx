import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useSecurityReason } from '../../app/useWaiting.ts';
import { Button } from '../../ui/index.ts';

/** Begins an incident with what is on screen. @param entry place in the log of the entry that is attached to it */
export function IncidentButton({ title, entry }: { title: string; entry: number | null }): ReactNode {
  const { t } = useTranslation('audit');
  const navigate = useNavigate();
  const reason = useSecurityReason();
  const given = new URLSearchParams({ title, origin: '/audit', ...(entry !== null && { entry: String(entry) }) });
  return <Button icon="security" isDisabled={reason !== null} reason={reason} onPress={() => void navigate(`/security/incidents/new?${given.toString()}`)} data-testid="audit-incident">{t('incident')}</Button>;
}
