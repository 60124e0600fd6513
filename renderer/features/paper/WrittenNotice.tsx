import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../bridge/queries.ts';
import { Banner, Button, ErrorPanel } from '../../ui/index.ts';

/** A file that was written just now: what it is called, and the ways to it. */
export function WrittenNotice({ file, children, onDismiss }: { file: { path: string; name: string }; children: ReactNode; onDismiss?: () => void }): ReactNode {
  const { t } = useTranslation('print');
  const open = useAction('files.open');
  return (
    <>
      <Banner
        tone="success" data-testid="written" {...(onDismiss !== undefined && { onDismiss })}
        action={(
          <>
            <Button onPress={() => void open.run({ path: file.path, how: 'open' })} data-testid="written-open">{t('written.open')}</Button>
            <Button variant="quiet" onPress={() => void open.run({ path: file.path, how: 'reveal' })}>{t('written.reveal')}</Button>
          </>
        )}
      >
        {children}
      </Banner>
      {open.error !== null && <ErrorPanel error={open.error} isInline />}
    </>
  );
}
