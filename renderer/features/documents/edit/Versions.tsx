import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DraftContent } from '../../../../shared/domain/draft.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { EmptyState, ErrorPanel, Icon, Money, PopoverButton, Skeleton } from '../../../ui/index.ts';
import styles from './versions.module.css';

export type Look = { version: number; savedAt: number; content: DraftContent };

/** The earlier states of a draft: chosen here, looked at in the form's place, brought back from there. */
export function Versions({ id, onLook }: { id: string; onLook: (look: Look) => void }): ReactNode {
  const { t } = useTranslation('documents');
  return (
    <PopoverButton label={t('versions.title')} trigger={<><Icon name="history" /><Icon name="chevronDown" /></>} className={styles.trigger ?? ''} width={380} data-testid="versions">
      {(close) => <VersionList id={id} onLook={(look) => { close(); onLook(look); }} />}
    </PopoverButton>
  );
}

function VersionList({ id, onLook }: { id: string; onLook: (look: Look) => void }): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const { data, error, isSlow, refetch } = useCall('drafts.versions', { id });
  const [failed, setFailed] = useState<AppError | null>(null);
  const open = async (version: number, savedAt: number): Promise<void> => {
    try {
      const content = await call('drafts.version', { id, version });
      if (content !== null) onLook({ version, savedAt, content });
    } catch (thrown) {
      setFailed(errorOf(thrown));
    }
  };
  const problem = failed ?? error;
  if (problem !== null) return <ErrorPanel error={problem} onRetry={refetch} isInline />;
  if (data === undefined) return isSlow ? <Skeleton lines={4} /> : null;
  if (data.length === 0) return <EmptyState icon="history" title={t('versions.none')} hint={t('versions.noneHint')} />;
  return (
    <ul className={styles.list}>
      {data.map(({ version, savedAt, lineCount, gross }) => (
        <li key={version}>
          <button type="button" className={styles.entry} onClick={() => void open(version, savedAt)} data-testid="version">
            <span>{format.moment(savedAt)}</span><span className={styles.muted}>{t('line.count', { count: lineCount })}</span><Money value={gross} />
          </button>
        </li>
      ))}
    </ul>
  );
}
