import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { secretKinds, type SecretKind, type SecretRow } from '../../../../shared/security/secrets/secret.ts';
import { useAction } from '../../../bridge/queries.ts';
import { Button, DateField, Dialog, ErrorPanel, Select, TextArea, TextField } from '../../../ui/index.ts';
import styles from './secrets.module.css';

/** Noon of that day here, so that no time zone moves it to another. */
const instantOf = (day: string): number => new Date(`${day}T12:00:00`).getTime();
const dayOf = (at: number): string => {
  const date = new Date(at);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
};

/** Who looks after a secret; for one that the server does not know, all that is kept about it. Never its value. */
export function KeepDialog({ row, taken, onClose }: { row: SecretRow | null; taken: readonly string[]; onClose: () => void }): ReactNode {
  const { t } = useTranslation('security-secrets');
  const keep = useAction('secrets.keep');
  const isServer = row?.origin === 'server';
  const [name, setName] = useState(row?.name ?? '');
  const [kind, setKind] = useState<SecretKind>(row?.kind ?? 'api');
  const [provider, setProvider] = useState(row?.provider ?? '');
  const [owner, setOwner] = useState(row?.owner ?? '');
  const [day, setDay] = useState<string | null>(dayOf(row?.rotatedAt ?? Date.now()));
  const [note, setNote] = useState(row?.note ?? '');
  const [isTried, setTried] = useState(false);
  const wrongName = name.trim() === '' ? t('keep.required') : row === null && taken.includes(name.trim()) ? t('keep.taken') : null;
  const wrongDay = isServer ? null : day === null ? t('keep.required') : instantOf(day) > Date.now() + 86_400_000 ? t('keep.future') : null;
  const save = (): void => {
    setTried(true);
    if (wrongName !== null || wrongDay !== null) return;
    void keep.run({ name, kind, provider, owner, rotatedAt: isServer || day === null ? null : instantOf(day), note }).then((done) => { if (done !== null) onClose(); });
  };
  return (
    <Dialog isOpen isModal onClose={onClose} title={isServer ? t('keep.titleOwner', { name }) : t('keep.title')} actions={<><Button onPress={onClose}>{t('cancel')}</Button><Button variant="primary" isPending={keep.isPending} onPress={save} data-testid="secret-save">{t('save')}</Button></>}>
      <div className={styles.stack}>
        {!isServer && (
          <>
            <p className={styles.muted}>{t('keep.hint')}</p>
            <TextField label={t('keep.name')} isRequired autoFocus={row === null} isReadOnly={row !== null} maxLength={200} value={name} onChange={setName} error={isTried ? wrongName : null} data-testid="secret-name" />
            <Select label={t('keep.kind')} options={secretKinds.map((value) => ({ value, label: t(`kind.${value}`) }))} value={kind} onChange={setKind} />
            <TextField label={t('keep.provider')} maxLength={200} value={provider} onChange={setProvider} />
            <DateField label={t('keep.rotated')} isRequired value={day} onChange={setDay} error={isTried ? wrongDay : null} />
          </>
        )}
        <TextField label={t('keep.owner')} autoFocus={row !== null} maxLength={200} value={owner} onChange={setOwner} data-testid="secret-owner" />
        <TextArea label={t('keep.note')} maxLength={500} value={note} onChange={setNote} />
        {keep.error !== null && <ErrorPanel error={keep.error} isInline />}
      </div>
    </Dialog>
  );
}
