import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DiscardedDraft, DraftSummary } from '../../../../shared/domain/draft.ts';
import { useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Badge, Button, ErrorPanel, Hidden, Icon, Money, PopoverButton } from '../../../ui/index.ts';
import { useWords } from '../words.ts';
import { useRestore } from './discarded.ts';
import styles from './versions.module.css';

/** What is written here and not yet on the server, and what of it was thrown away, one step away from every list. */
export function DraftsMenu({ onOpen }: { onOpen: (id: string) => void }): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const drafts = useCall('drafts.list', undefined).data ?? [];
  const discarded = useCall('drafts.discarded', undefined).data ?? [];
  if (drafts.length === 0 && discarded.length === 0) return null;
  return (
    <PopoverButton label={t('drafts.title', { count: drafts.length })} trigger={<><Icon name="edit" />{t('drafts.button')} <b>{format.integer(drafts.length)}</b><Icon name="chevronDown" /></>} width={480} data-testid="drafts-menu">
      {(close) => (
        <div className={styles.list}>
          {drafts.length === 0 ? <p className={styles.none}>{t('drafts.none')}</p> : (
            <ul className={styles.plain}>
              {drafts.map((draft) => (
                <li key={draft.id}>
                  <button type="button" className={styles.draft} onClick={() => { close(); onOpen(draft.id); }} data-testid="draft" data-state={draft.state}>
                    <Title draft={draft} />
                    <Money value={draft.gross} />
                    <Facts draft={draft} at={format.moment(draft.savedAt)} />
                    {draft.state === 'open' ? <span className={styles.muted}>{t(draft.isNew ? 'drafts.new' : 'drafts.change')}</span> : <Badge tone={draft.state === 'queued' ? 'accent' : 'warning'} icon={draft.state === 'queued' ? 'clock' : 'warning'}>{t(`draft.state.${draft.state}`)}</Badge>}
                  </button>
                </li>
              ))}
            </ul>
          )}
          {discarded.length > 0 && <Discarded drafts={discarded} onRestored={(id) => { close(); onOpen(id); }} />}
        </div>
      )}
    </PopoverButton>
  );
}

function Discarded({ drafts, onRestored }: { drafts: readonly DiscardedDraft[]; onRestored: (id: string) => void }): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const format = useFormat();
  const { run, error } = useRestore();
  return (
    <section aria-label={t('drafts.discarded')}>
      <h3 className={styles.section}>{t('drafts.discarded')} <span className={styles.muted}>{t('drafts.discardedHint')}</span></h3>
      {error !== null && <ErrorPanel error={error} isInline />}
      <ul className={styles.plain}>
        {drafts.map((draft) => (
          <li key={draft.id} className={styles.discarded} data-testid="discarded-draft">
            <Title draft={draft} />
            <Button variant="quiet" icon="undo" onPress={() => void run(draft.id).then((address) => { if (address !== null) onRestored(draft.id); })} data-testid="restore-draft">{t('drafts.restore')}<Hidden> {words.type(draft.type)} {draft.number}</Hidden></Button>
            <Facts draft={draft} at={t('drafts.discardedAt', { time: format.moment(draft.discardedAt) })} />
            <Money value={draft.gross} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Title({ draft }: { draft: DraftSummary }): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  return <span className={styles.draftTitle}><b>{words.type(draft.type)}</b> {draft.number || t('new.unnumbered')}{draft.numberProvisional && draft.number !== '' && <span className={styles.muted}> {t('number.provisionalShort')}</span>}</span>;
}

function Facts({ draft, at }: { draft: DraftSummary; at: string }): ReactNode {
  const { t } = useTranslation('documents');
  return <span className={styles.muted}>{[draft.partnerName, t('line.count', { count: draft.lineCount }), at].filter((part) => part !== null).join(' · ')}</span>;
}
