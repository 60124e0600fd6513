import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMessage } from '../../../i18n/errors.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Icon } from '../../../ui/index.ts';
import type { SaveState } from './autosave.ts';
import { useWorking } from './working.ts';
import styles from './form.module.css';

/** Whether what was typed is in the cache. "Saved" is said only when it is, with the time. */
export function SaveStatus({ id, isSending }: { id: string; isSending: boolean }): ReactNode {
  const save: SaveState = useWorking(({ drafts }) => drafts[id]?.save) ?? { status: 'untouched' };
  const { t } = useTranslation('documents');
  const format = useFormat();
  const message = useMessage();
  const text = (): string => {
    if (isSending) return t('save.sending');
    if (save.status === 'failed') return t('save.failed', { reason: message(save.error) });
    if (save.status === 'saved') return t('save.saved', { time: format.moment(save.savedAt) });
    return t(save.status === 'untouched' ? 'save.untouched' : 'save.saving');
  };
  const isFailed = save.status === 'failed' && !isSending;
  return (
    <span className={styles.state} data-state={isSending ? 'sending' : save.status} data-testid="save-state" data-saved-at={save.status === 'saved' ? save.savedAt : undefined}>
      {/* Said aloud only when something is wrong: a screen reader must not repeat every autosave. */}
      <span role={isFailed ? 'alert' : undefined}>{save.status === 'saved' && !isSending && <Icon name="check" />}{isFailed && <Icon name="error" />}{text()}</span>
    </span>
  );
}
