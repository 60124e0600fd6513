import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { localDay } from '../../../../shared/security/gdpr/deadline.ts';
import { useAction } from '../../../bridge/queries.ts';
import { Button, DateField, Dialog, ErrorPanel, Select, TextArea, TextField } from '../../../ui/index.ts';
import styles from './checklists.module.css';

const count = (text: string): number | null => (/^\d{1,7}$/.test(text.trim()) ? Number(text.trim()) : null);

/** A training or a phishing exercise that was held: when, how many, and how it went. */
export function CampaignDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useTranslation('security-checklists');
  const save = useAction('checklists.saveCampaign');
  const [draft, setDraft] = useState({ kind: 'training' as 'training' | 'phishing', title: '', heldOn: localDay(Date.now()), invited: '', counted: '', reported: '0', note: '' });
  const [isTried, setTried] = useState(false);
  const put = (change: Partial<typeof draft>): void => setDraft((before) => ({ ...before, ...change }));
  const invited = count(draft.invited);
  const upTo = (text: string): number | null => { const value = count(text); return value === null || invited === null || value > invited ? null : value; };
  const [counted, reported] = [upTo(draft.counted), draft.kind === 'phishing' ? upTo(draft.reported) : 0];
  const store = (): void => {
    setTried(true);
    if (draft.title.trim() === '' || draft.heldOn === '' || invited === null || invited === 0 || counted === null || reported === null) return;
    void save.run({ id: crypto.randomUUID(), kind: draft.kind, title: draft.title, heldOn: draft.heldOn, invited, counted, reported, note: draft.note }).then((done) => { if (done !== null) onClose(); });
  };
  const wrong = (isWrong: boolean): string | null => (isTried && isWrong ? t('campaign.number') : null);
  return (
    <Dialog
      isOpen isModal size="medium" onClose={onClose} title={t('campaign.new')}
      actions={<><Button onPress={onClose}>{t('cancel')}</Button><Button variant="primary" isPending={save.isPending} onPress={store} data-testid="campaign-save">{t('save')}</Button></>}
    >
      <div className={styles.form} data-testid="campaign-form">
        <Select label={t('campaign.kind')} options={(['training', 'phishing'] as const).map((value) => ({ value, label: t(`campaign.${value}`) }))} value={draft.kind} onChange={(kind) => put({ kind })} />
        <DateField label={t('campaign.heldOn')} isRequired value={draft.heldOn} onChange={(day) => put({ heldOn: day ?? '' })} error={isTried && draft.heldOn === '' ? t('campaign.required') : null} />
        <TextField label={t('campaign.title')} isRequired autoFocus maxLength={200} value={draft.title} onChange={(title) => put({ title })} error={isTried && draft.title.trim() === '' ? t('campaign.required') : null} className={styles.wide ?? ''} data-testid="campaign-title" />
        <TextField label={t('campaign.invited')} isRequired value={draft.invited} onChange={(text) => put({ invited: text })} error={wrong(invited === null || invited === 0)} />
        <TextField label={t(draft.kind === 'training' ? 'campaign.took' : 'campaign.clicked')} isRequired value={draft.counted} onChange={(text) => put({ counted: text })} error={wrong(counted === null)} />
        {draft.kind === 'phishing' && <TextField label={t('campaign.reported')} value={draft.reported} onChange={(text) => put({ reported: text })} error={wrong(reported === null)} />}
        <TextArea label={t('campaign.note')} rows={2} maxLength={500} value={draft.note} onChange={(note) => put({ note })} className={styles.wide ?? ''} />
        {save.error !== null && <div className={styles.wide}><ErrorPanel error={save.error} isInline /></div>}
      </div>
    </Dialog>
  );
}
