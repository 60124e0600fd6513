import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useSecurityReason } from '../../app/useWaiting.ts';
import { Button } from '../../ui/index.ts';

/** Begins an incident with what is on screen. @param origin address of what it is about. @param entry place in the log of the entry that is attached to it */
export function IncidentButton({ title, origin, entry = null }: { title: string; origin: string; entry?: number | null }): ReactNode {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const reason = useSecurityReason('act');
  const given = new URLSearchParams({ title, origin, ...(entry !== null && { entry: String(entry) }) });
  return <Button icon="security" isDisabled={reason !== null} reason={reason} onPress={() => void navigate(`/security/incidents/new?${given.toString()}`)} data-testid="begin-incident">{t('incident.begin')}</Button>;
}
