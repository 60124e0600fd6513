import { useEffect, useRef, useState, type ClipboardEvent, type DragEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { documentNumberSchema } from '../../../shared/domain/document.ts';
import { printedHashSchema } from '../../../shared/domain/verify.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { useAction } from '../../bridge/queries.ts';
import { Button, cx, ErrorPanel, Icon, Page, PageHeader, ProgressBar, TextField } from '../../ui/index.ts';
import { useActiveProfile } from '../../state/profiles.ts';
import { fileProblem, readReadable } from './files.ts';
import { Result } from './Result.tsx';
import styles from './verify.module.css';

/** Checks a printed document: dropped, pasted, or typed. Whatever is wrong with it stands beside it. */
export default function VerifyScreen(): ReactNode {
  const { t } = useTranslation('verify');
  const [search] = useSearchParams();
  const profile = useActiveProfile();
  const { run, data, error, isPending, reset } = useAction('verify.check');
  const [number, setNumber] = useState(search.get('number') ?? '');
  const [hash, setHash] = useState('');
  const [isTried, setTried] = useState(false);
  const [isOver, setOver] = useState(false);
  const [refused, setRefused] = useState<AppError | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const outcome = useRef<HTMLDivElement>(null);
  useEffect(() => { if (data !== undefined) outcome.current?.focus(); }, [data]);

  const checkFile = async (file: File | undefined): Promise<void> => {
    if (file === undefined || isPending) return;
    reset();
    const problem = fileProblem(file);
    setRefused(problem);
    if (problem === null) await run({ kind: 'file', name: file.name.slice(0, 255), bytes: await readReadable(file) });
  };
  const checkText = (text: string): void => {
    if (text.trim() === '' || isPending) return;
    setRefused(null);
    void run({ kind: 'text', text: text.trim().slice(0, 2000) });
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file === undefined) checkText(event.dataTransfer.getData('text/plain'));
    else void checkFile(file);
  };
  const paste = (event: ClipboardEvent): void => {
    const [file] = event.clipboardData.files;
    // A field takes text as fields do; a picture is never meant for it.
    if (file === undefined && event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    if (file === undefined) checkText(event.clipboardData.getData('text/plain'));
    else void checkFile(file);
  };
  const typed = number.trim();
  const isAddress = /^[a-z]+:\/\//i.test(typed);
  const numberIsWrong = !isAddress && !documentNumberSchema.safeParse(typed).success;
  const printed = printedHashSchema.safeParse(hash.trim().toLowerCase());
  const hashIsWrong = hash.trim() !== '' && !printed.success;
  const submit = (): void => {
    setTried(true);
    if (numberIsWrong || hashIsWrong || isPending) return;
    setRefused(null);
    if (isAddress) checkText(typed);
    else void run({ kind: 'number', number: typed, hash: printed.success ? printed.data : null });
  };
  const shownError = refused ?? error;
  return (
    <Page header={<PageHeader title={t('title')} detail={profile === null ? undefined : t('server', { name: profile.name })} />}>
      <div className={styles.screen} onPaste={paste}>
        <section className={styles.ask} aria-label={t('ask')}>
          <div
            className={cx(styles.drop, isOver && styles.over)} data-testid="verify-drop"
            onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}
          >
            <Icon name="archive" className={styles.dropIcon} />
            <p className={styles.dropTitle}>{t('drop.title')}</p>
            <p className={styles.hint}>{t('drop.hint')}</p>
            <Button onPress={() => picker.current?.click()} isPending={isPending} data-testid="verify-choose">{t('drop.choose')}</Button>
            <input ref={picker} type="file" accept=".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg" hidden data-testid="verify-file" onChange={(event) => { void checkFile(event.target.files?.[0]); event.target.value = ''; }} />
          </div>
          <form className={styles.form} onSubmit={(event) => { event.preventDefault(); submit(); }}>
            <TextField
              label={t('number')} value={number} onChange={setNumber} hint={t('numberHint')} maxLength={500} isRequired autoFocus error={isTried && numberIsWrong ? t('numberWrong') : null} data-testid="verify-number"
              onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); submit(); } }}
            />
            <TextField
              label={t('hash')} value={hash} onChange={setHash} hint={t('hashHint')} maxLength={80} isDisabled={isAddress} error={isTried && hashIsWrong ? t('hashWrong') : null} data-testid="verify-hash"
              onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); submit(); } }}
            />
            <Button variant="primary" icon="security" type="submit" isPending={isPending} data-testid="verify-start">{t('start')}</Button>
          </form>
        </section>
        <div ref={outcome} tabIndex={-1} className={styles.outcome} aria-live="polite">
          {isPending && <ProgressBar label={t('running')} value={null} />}
          {!isPending && shownError !== null && <ErrorPanel error={shownError} title={t(shownError.code.startsWith('network.') ? 'unreachable' : 'failed')} />}
          {!isPending && shownError === null && data !== undefined && <Result result={data} />}
          {!isPending && shownError === null && data === undefined && <p className={styles.first}><Icon name="info" />{t('first')}</p>}
        </div>
      </div>
    </Page>
  );
}
