import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction, useCall } from '../../bridge/queries.ts';
import { Banner, Button, Dialog, ErrorPanel, Skeleton, useCopy } from '../../ui/index.ts';
import styles from './diagnostics.module.css';

/** The support bundle: all of it on screen before it goes anywhere. */
export function BundleDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation('diagnostics');
  // Made anew each time: what is saved is what was made last, and that is what stands here.
  const { data, error, isSlow, isFetching } = useCall('diagnostics.bundle', undefined);
  const save = useAction('diagnostics.saveBundle');
  const { isCopied, copy } = useCopy();
  const [saved, setSaved] = useState<string | null>(null);
  const failed = error ?? save.error;
  const text = isFetching ? undefined : data?.text;
  return (
    <Dialog
      isOpen isModal onClose={onClose} size="large" title={t('bundle.title')}
      actions={(
        <>
          <Button icon={isCopied ? 'check' : 'copy'} isDisabled={text === undefined} onPress={() => { if (text !== undefined) copy(text); }}>{t(isCopied ? 'bundle.copied' : 'bundle.copy')}</Button>
          <Button variant="primary" isDisabled={text === undefined} isPending={save.isPending} onPress={() => void save.run({ suggestedName: t('bundle.fileName') }).then((written) => { if (written !== null) setSaved(written.path); })} data-testid="bundle-save">{t('bundle.save')}</Button>
        </>
      )}
    >
      <div className={styles.bundle}>
        <p>{t('bundle.intro')}</p>
        {failed !== null && <ErrorPanel error={failed} isInline />}
        {saved !== null && <Banner tone="success" onDismiss={() => setSaved(null)}>{t('bundle.saved', { path: saved })}</Banner>}
        {text === undefined ? isSlow && <Skeleton lines={12} /> : (
          // Longer than the window, so the keyboard has to be able to scroll it.
          <pre className={styles.bundleText} tabIndex={0} role="region" aria-label={t('bundle.text')} data-testid="bundle-text">{text}</pre>
        )}
      </div>
    </Dialog>
  );
}
