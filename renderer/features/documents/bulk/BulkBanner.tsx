import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { countRows } from '../../../../shared/domain/bulk.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Banner, Button } from '../../../ui/index.ts';
import { useWords } from '../words.ts';
import { leaveBulk, restoreBulk, showBulk, useBulk } from './bulk-store.ts';

/** An action on many documents that goes on, or has ended, behind what is on show. */
export function BulkBanner({ isHidden }: { /** Its pane is on show. */ isHidden: boolean }): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const format = useFormat();
  const stage = useBulk((store) => store.stage);
  useEffect(() => void restoreBulk(), []);
  if (isHidden || stage === null || stage.kind === 'plan') return null;
  const [action, rows] = stage.kind === 'sent' ? [stage.bulk.action, stage.bulk.rows] : [stage.action, stage.plan.rows];
  const counts = countRows(rows);
  return (
    <Banner icon="sync" {...(stage.kind === 'sent' && stage.job !== null && stage.job.status !== 'running' && { onDismiss: leaveBulk })} action={<Button onPress={showBulk} data-testid="bulk-show">{t('bulk.show')}</Button>}>
      {t('bulk.behind', { action: words.action(action), done: format.integer(counts.done), total: format.integer(rows.length - counts.skipped) })}
    </Banner>
  );
}
