import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SyncState } from '../../../../shared/domain/connection.ts';
import { Button, EmptyState } from '../../../ui/index.ts';

export type ListEmptyProps = { isNarrowed: boolean; canList: boolean; isOffline: boolean; sync: SyncState | null; asOf: number | null; onClear: () => void; onOpenByNumber: () => void };

/** An empty list, why it is empty, and what to do about it. */
export function ListEmpty({ isNarrowed, canList, isOffline, sync, asOf, onClear, onOpenByNumber }: ListEmptyProps): ReactNode {
  const { t } = useTranslation('documents');
  if (isNarrowed) return <EmptyState icon="search" title={t('empty.noMatch')} hint={t('empty.noMatchHint')} action={<Button onPress={onClear}>{t('empty.clear')}</Button>} />;
  if (!canList) return <EmptyState icon="documents" title={t('empty.unsupported')} hint={t('empty.unsupportedHint')} action={<Button variant="primary" onPress={onOpenByNumber}>{t('open.button')}</Button>} />;
  if (asOf === null && isOffline) return <EmptyState icon="offline" title={t('empty.offline')} hint={t('empty.offlineHint')} />;
  if (sync?.status === 'pulling') return <EmptyState icon="sync" title={t('empty.loading')} hint={t('empty.loadingHint')} />;
  return <EmptyState icon="documents" title={t('empty.none')} hint={t('empty.noneHint')} />;
}
