import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallInput } from '../../../shared/ipc/contract.ts';
import { useAction } from '../../bridge/queries.ts';
import type { Language } from '../../i18n/language.ts';
import { Button, Dialog, ErrorPanel, Select, Skeleton } from '../../ui/index.ts';
import { paperWords } from './paper-words.ts';
import { WrittenNotice } from './WrittenNotice.tsx';
import styles from './paper.module.css';

export type PaperSource = CallInput<'paper.preview'>['source'];

/**
 * The pages as they will be printed. They are shown in a frame without script, form or network: the very pages that the
 * PDF is made of, not a likeness.
 */
export function Preview({ source, onClose }: { source: PaperSource; onClose: () => void }): ReactNode {
  const { t, i18n } = useTranslation('print');
  const [language, setLanguage] = useState<Language>(i18n.language === 'en' ? 'en' : 'de');
  const { run, data, error, isPending } = useAction('paper.preview');
  const save = useAction('paper.savePdf');
  const print = useAction('paper.print');
  useEffect(() => void run({ source, words: paperWords(language) }), [run, source, language]);
  const request = (): CallInput<'paper.savePdf'> => ({ source, words: paperWords(language) });
  const isReady = data !== undefined && !isPending;
  return (
    <Dialog
      isOpen onClose={onClose} title={t('preview.title')} size="large"
      actions={(
        <>
          <span className={styles.pages}>{data !== undefined && t('preview.pages', { count: data.pages })}</span>
          <Button icon="send" isDisabled={!isReady} isPending={print.isPending} onPress={() => void print.run(request())} data-testid="preview-print">{t('preview.print')}</Button>
          <Button icon="post" variant="primary" isDisabled={!isReady} isPending={save.isPending} onPress={() => void save.run(request())} data-testid="preview-save">{t('preview.save')}</Button>
        </>
      )}
    >
      <div className={styles.previewHead}>
        <Select<Language> label={t('language')} value={language} onChange={setLanguage} options={[{ value: 'de', label: t('language.de') }, { value: 'en', label: t('language.en') }]} />
        <p className={styles.hint}>{t('preview.hint')}</p>
      </div>
      {save.data !== undefined && save.data !== null && <WrittenNotice file={save.data} onDismiss={save.reset}>{t('local.saved', { name: save.data.name })}</WrittenNotice>}
      {print.data?.printed === true && <p role="status" className={styles.hint}>{t('preview.sent')}</p>}
      {[error, save.error, print.error].map((one, index) => one !== null && <ErrorPanel key={index} error={one} isInline onRetry={index === 0 ? () => void run(request()) : undefined} />)}
      <div className={styles.frame}>
        {data === undefined ? error === null && <Skeleton lines={14} /> : <iframe src={data.address} sandbox="" title={t('preview.title')} className={styles.paper} data-testid="preview-frame" />}
      </div>
    </Dialog>
  );
}
