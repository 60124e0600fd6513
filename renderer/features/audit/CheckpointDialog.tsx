import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { errorOf } from '../../bridge/call.ts';
import { useAction, useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { useIsOffline } from '../../state/connection.ts';
import type { AuditCosigner, AuditSection } from '../../../shared/domain/audit.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { Banner, Button, DefinitionList, Dialog, ErrorPanel } from '../../ui/index.ts';
import styles from './audit.module.css';

/** A checkpoint of a million entries is a few hundred characters; what is far longer is something else. */
const longest = 100_000;

type Compared = { source: string; from: string | null; verdict: 'agrees' | 'later' | 'splitView' };

/** Whether colleagues are shown the same log: checkpoints go between computers as files and are held against each other. */
export function CheckpointDialog({ isRunning, onClose }: { isRunning: boolean; onClose: () => void }): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  const isOffline = useIsOffline();
  const status = useCall('audit.status', undefined);
  const features = useCall('audit.features', undefined);
  const device = useCall('audit.deviceKey', undefined);
  const input = useRef<HTMLInputElement>(null);
  const [saved, setSaved] = useState<string | null>(null);
  const [compared, setCompared] = useState<Compared | null>(null);
  const [unreadable, setUnreadable] = useState<AppError | null>(null);
  const save = useAction('audit.saveCheckpoint');
  const compare = useAction('audit.compareCheckpoint');
  const reread = useAction('audit.reread');
  const { data } = status;
  const verified = data?.verified ?? null;
  const none = verified === null ? t('checkpoints.none') : null;
  const toFile = (): void => void save.run({ suggestedName: t('checkpoints.fileName', { size: verified?.size ?? 0 }) }).then((written) => { if (written !== null) setSaved(written.path); });
  const fromFile = async (file: File): Promise<void> => {
    setCompared(null);
    try {
      const text = (await file.slice(0, longest + 1).text()).slice(0, longest);
      setUnreadable(null);
      const answer = await compare.run({ text, source: file.name.slice(0, 200) });
      if (answer !== null) setCompared({ source: file.name, from: answer.from, verdict: answer.verdict });
    } catch (error) {
      setUnreadable(errorOf(error));
    }
  };
  const again = (): void => { void reread.run(); onClose(); };
  return (
    <Dialog isOpen isModal size="medium" onClose={onClose} title={t('checkpoints.title')} actions={<Button onPress={onClose}>{t('common:action.close')}</Button>}>
      <p className={styles.text}>{t('checkpoints.explain')}{data?.kind === 'witness' && ` ${t('checkpoints.witnessed')}`}</p>
      {data !== undefined && (
        <DefinitionList items={[
          { label: t('checkpoints.origin'), value: data.origin === null ? null : <span className={styles.code}>{data.origin}</span> },
          { label: t('checkpoints.key'), value: data.key === null ? null : <span className={styles.code}>{data.key}</span> },
          { label: t('checkpoints.trust'), value: t(data.kind === 'witness' ? 'checkpoints.own' : features.data?.pinned === true ? 'checkpoints.pinned' : 'checkpoints.firstSeen') },
          { label: t('checkpoints.device'), value: device.data === undefined ? null : <span className={styles.code} data-testid="device-key">{device.data.key}</span> },
          { label: t('checkpoints.newest'), value: verified === null ? null : t('checkpoints.newestAt', { size: format.integer(verified.size), when: format.dateTime(verified.at) }) },
          { label: t('checkpoints.count'), value: format.integer(data.checkpoints) },
          ...(data.sections.length === 0 ? [] : [{ label: t('section.sealed'), value: <Sections all={data.sections} /> }]),
          ...(data.kind === 'witness' ? [] : [{ label: t('checkpoints.cosigners'), value: <Cosigners all={data.cosigners} /> }]),
        ]} />
      )}
      <div className={styles.buttons}>
        <Button icon="send" isDisabled={none !== null} reason={none} isPending={save.isPending} onPress={toFile} data-testid="checkpoint-save">{t('checkpoints.save')}</Button>
        <Button icon="documents" isDisabled={none !== null} reason={none} isPending={compare.isPending} onPress={() => input.current?.click()} data-testid="checkpoint-compare">{t('checkpoints.compare')}</Button>
        <Button icon="refresh" isDisabled={none !== null || isOffline || isRunning} reason={none ?? (isOffline ? t('offline') : isRunning ? t('running') : null)} onPress={again} data-testid="audit-reread">{t('checkpoints.reread')}</Button>
        <input
          ref={input} type="file" accept=".txt,text/plain" hidden aria-label={t('checkpoints.compare')} data-testid="checkpoint-file"
          onChange={(event) => { const [file] = event.target.files ?? []; event.target.value = ''; if (file !== undefined) void fromFile(file); }}
        />
      </div>
      <div className={styles.verification} aria-live="polite">
        {[save.error, compare.error, reread.error, unreadable].map((error, at) => error !== null && <ErrorPanel key={at} error={error} isInline />)}
        {saved !== null && <Banner tone="success" onDismiss={() => setSaved(null)}>{t('checkpoints.saved', { path: saved })}</Banner>}
        {compared !== null && <Banner tone={compared.verdict === 'agrees' ? 'success' : compared.verdict === 'later' ? 'neutral' : 'danger'} data-testid="checkpoint-verdict"><strong>{compared.from === null ? compared.source : t('checkpoints.from', compared)}</strong>: {t(`checkpoints.${compared.verdict}`)}</Banner>}
      </div>
    </Dialog>
  );
}

/** Colleagues' computers whose signature goes into evidence files too. */
function Cosigners({ all }: { all: readonly AuditCosigner[] }): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  if (all.length === 0) return t('checkpoints.noCosigner');
  return (
    <ul className={styles.plainList} data-testid="cosigners">
      {all.map(({ name, source, size, at }) => <li key={name}>{t('checkpoints.cosigner', { name, source: source.replace(/^file:/, ''), size: format.integer(size), when: format.dateTime(at) })}</li>)}
    </ul>
  );
}

/** What was put aside, by whom and why. */
function Sections({ all }: { all: readonly AuditSection[] }): ReactNode {
  const { t } = useTranslation('audit');
  const format = useFormat();
  return (
    <ul className={styles.plainList} data-testid="audit-sections">
      {all.map(({ number, size, root, sealedAt, sealedBy, reason }) => (
        <li key={number}>{t('section.entry', { number, size: format.integer(size), when: format.dateTime(sealedAt), by: sealedBy, reason })} <span className={styles.code}>{root}</span></li>
      ))}
    </ul>
  );
}
