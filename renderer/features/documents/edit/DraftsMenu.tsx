import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Badge, Icon, Money, PopoverButton } from '../../../ui/index.ts';
import { useWords } from '../words.ts';
import styles from './versions.module.css';

/** What is written here and not yet on the server, one step away from every list. */
export function DraftsMenu({ onOpen }: { onOpen: (id: string) => void }): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const format = useFormat();
  const { data } = useCall('drafts.list', undefined);
  const drafts = data ?? [];
  if (drafts.length === 0) return null;
  return (
    <PopoverButton label={t('drafts.title', { count: drafts.length })} trigger={<><Icon name="edit" />{t('drafts.button')} <b>{format.integer(drafts.length)}</b><Icon name="chevronDown" /></>} width={480} data-testid="drafts-menu">
      {(close) => (
        <ul className={styles.list}>
          {drafts.map((draft) => (
            <li key={draft.id}>
              <button type="button" className={styles.draft} onClick={() => { close(); onOpen(draft.id); }} data-testid="draft" data-state={draft.state}>
                <span className={styles.draftTitle}><b>{words.type(draft.type)}</b> {draft.number || t('new.unnumbered')}{draft.numberProvisional && draft.number !== '' && <span className={styles.muted}> {t('number.provisionalShort')}</span>}</span>
                <Money value={draft.gross} />
                <span className={styles.muted}>{[draft.partnerName, t('line.count', { count: draft.lineCount }), format.moment(draft.savedAt)].filter((part) => part !== null).join(' · ')}</span>
                {draft.state === 'open' ? <span className={styles.muted}>{t(draft.isNew ? 'drafts.new' : 'drafts.change')}</span> : <Badge tone={draft.state === 'queued' ? 'accent' : 'warning'} icon={draft.state === 'queued' ? 'clock' : 'warning'}>{t(`draft.state.${draft.state}`)}</Badge>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </PopoverButton>
  );
}
