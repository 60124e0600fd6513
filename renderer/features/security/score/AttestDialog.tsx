import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Attestation } from '../../../../shared/ipc/calls/security/score.ts';
import { localDay } from '../../../../shared/security/gdpr/deadline.ts';
import type { ScoredPoint } from '../../../../shared/security/score/score.ts';
import { useAction } from '../../../bridge/queries.ts';
import { useAccount } from '../../../state/session.ts';
import { Button, DateField, Dialog, ErrorPanel, Select, TextArea, TextField } from '../../../ui/index.ts';
import styles from './score.module.css';

const answers = ['met', 'partly', 'unmet', 'notApplicable'] as const;

/** A person vouches for a point: how it stands, who answers for it, until when, and on what ground. */
export function AttestDialog({ point, onClose }: { point: ScoredPoint; onClose: () => void }): ReactNode {
  const { t } = useTranslation('security-score');
  const account = useAccount();
  const attest = useAction('score.attest');
  const [draft, setDraft] = useState<Attestation>({ point: point.point, outcome: 'met', owner: account?.displayName ?? '', expiresOn: localDay(Date.now() + point.expiresDays * 86_400_000), note: '' });
  const [isTried, setTried] = useState(false);
  const put = (change: Partial<Attestation>): void => setDraft((before) => ({ ...before, ...change }));
  const missing = (text: string): string | null => (isTried && text.trim() === '' ? t('attest.required') : null);
  const save = (): void => {
    setTried(true);
    if (draft.owner.trim() === '' || draft.note.trim() === '' || draft.expiresOn === '') return;
    void attest.run(draft).then((done) => { if (done !== null) onClose(); });
  };
  return (
    <Dialog
      isOpen isModal size="medium" onClose={onClose} title={t('attest.title', { point: t(`point.${point.point}`) })}
      actions={<><Button onPress={onClose}>{t('attest.cancel')}</Button><Button variant="primary" isPending={attest.isPending} onPress={save} data-testid="score-attest-save">{t('attest.save')}</Button></>}
    >
      <div className={styles.form} data-testid="score-attest-form">
        <p className={styles.wide}>{t('attest.hint')}</p>
        <Select label={t('attest.outcome')} options={answers.map((value) => ({ value, label: t(`state.${value}`) }))} value={draft.outcome} onChange={(outcome) => put({ outcome })} />
        <DateField label={t('attest.expires')} isRequired value={draft.expiresOn} onChange={(day) => put({ expiresOn: day ?? '' })} hint={t('attest.expiresHint', { count: point.expiresDays })} error={missing(draft.expiresOn)} />
        <TextField label={t('attest.owner')} isRequired maxLength={200} value={draft.owner} onChange={(owner) => put({ owner })} error={missing(draft.owner)} className={styles.wide ?? ''} />
        <TextArea label={t('attest.note')} isRequired rows={3} maxLength={500} value={draft.note} onChange={(note) => put({ note })} hint={t('attest.noteHint')} error={missing(draft.note)} className={styles.wide ?? ''} autoFocus data-testid="score-attest-note" />
        {attest.error !== null && <div className={styles.wide}><ErrorPanel error={attest.error} isInline /></div>}
      </div>
    </Dialog>
  );
}
