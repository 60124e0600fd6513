import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentKey } from '../../../../shared/domain/document.ts';
import { useAction, useCall } from '../../../bridge/queries.ts';
import { Banner, Button, ErrorPanel } from '../../../ui/index.ts';
import styles from './pane.module.css';

/** A submit of this document that waits in the outbox, or was refused after the document itself was stored. */
export function PendingSubmit({ document: { type, number } }: { document: DocumentKey }): ReactNode {
  const { t } = useTranslation('documents');
  const { data } = useCall('outbox.list', undefined);
  const withdraw = useAction('outbox.withdraw');
  const command = data?.find(({ kind, key }) => kind === 'submit' && key.type === type && key.number === number);
  if (command === undefined) return null;
  const takeBack = <Button variant="quiet" isPending={withdraw.isPending} isDisabled={command.state === 'sending'} onPress={() => void withdraw.run({ id: command.id })}>{t('submit.takeBack')}</Button>;
  return (
    <>
      {command.state === 'rejected' && command.error !== null
        ? <div className={styles.notice}><ErrorPanel error={command.error} title={t('submit.refused')} isInline action={takeBack} /></div>
        : <Banner tone="accent" icon="clock" action={takeBack}>{t('submit.waiting')}</Banner>}
      {withdraw.error !== null && <div className={styles.notice}><ErrorPanel error={withdraw.error} isInline /></div>}
    </>
  );
}
