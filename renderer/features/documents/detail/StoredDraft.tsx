import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Draft } from '../../../../shared/domain/draft.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Banner, Button, ErrorPanel } from '../../../ui/index.ts';
import styles from './pane.module.css';

/** Says that there are changes to this document which the server does not have, and leads to them. */
export function StoredDraft({ draft, onShow, onDiscard, error }: { draft: Draft; onShow: () => void; onDiscard: () => void; error: AppError | null }): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const isOpen = draft.state === 'open';
  return (
    <>
      <Banner
        tone={draft.state === 'conflict' || draft.state === 'rejected' ? 'warning' : 'accent'} icon={isOpen ? 'edit' : 'clock'} data-testid="stored-draft"
        action={<><Button icon="edit" shortcut="F2" onPress={onShow}>{t(isOpen ? 'draft.continue' : 'draft.look')}</Button>{isOpen && <Button variant="quiet" icon="trash" onPress={onDiscard}>{t('edit.discard')}</Button>}</>}
      >
        {t(`draft.exists.${draft.state}`, { time: format.moment(draft.savedAt) })}
      </Banner>
      {error !== null && <div className={styles.notice}><ErrorPanel error={error} isInline /></div>}
    </>
  );
}
