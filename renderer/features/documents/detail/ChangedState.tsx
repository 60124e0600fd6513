import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { WorkflowState } from '../../../../shared/domain/workflow.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { errorOf } from '../../../bridge/call.ts';
import { Banner, Button, ErrorPanel } from '../../../ui/index.ts';
import { asNew } from '../edit/as-new.ts';
import styles from './pane.module.css';

/** Says that the document was submitted while it was being changed here, and the one way on for what was typed. @param draft null while it is on its way */
export function ChangedState({ state, draft }: { state: WorkflowState; draft: string | null }): ReactNode {
  const { t } = useTranslation('documents');
  const navigate = useNavigate();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const goOn = async (id: string): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const made = await asNew(id);
      if (made !== null) void navigate(`/documents/draft/${made}`);
    } catch (thrown) {
      setError(errorOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Banner tone="warning" icon="lock" data-testid="changed-state" action={draft === null ? undefined : <Button icon="copy" isPending={isBusy} onPress={() => void goOn(draft)} data-testid="as-new-draft">{t('pane.asNewDraft')}</Button>}>
        {t('pane.changedState', { state: t(`state.${state}`) })}
      </Banner>
      {error !== null && <div className={styles.notice}><ErrorPanel error={error} isInline /></div>}
    </>
  );
}
