import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { documentNumberSchema, type DocumentKey } from '../../../../shared/domain/document.ts';
import { documentTypeInfo, documentTypes, type DocumentType } from '../../../../shared/domain/document-types.ts';
import { Button, Dialog, Select, TextField } from '../../../ui/index.ts';
import { useWords } from '../words.ts';
import styles from './list.module.css';

export type OpenByNumberProps = { isOpen: boolean; onClose: () => void; onOpen: (key: DocumentKey) => void };

/** The type whose number range a number belongs to; of overlapping prefixes the longest. */
export function typeOfNumber(number: string): DocumentType | null {
  const spelled = number.trim().toUpperCase();
  return documentTypes.filter((type) => spelled.startsWith(documentTypeInfo[type].prefix)).toSorted((a, b) => documentTypeInfo[b].prefix.length - documentTypeInfo[a].prefix.length)[0] ?? null;
}

/** Opens a document by type and number: the only way in on servers that cannot list, and the fastest when one has the paper. */
export function OpenByNumber({ isOpen, onClose, onOpen }: OpenByNumberProps): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const [number, setNumber] = useState('');
  const [chosen, setChosen] = useState<DocumentType | null>(null);
  const [isTried, setTried] = useState(false);
  const type = chosen ?? typeOfNumber(number);
  const parsed = documentNumberSchema.safeParse(number);
  const open = (): void => {
    setTried(true);
    if (type === null || !parsed.success) return;
    onOpen({ type, number: parsed.data });
    setNumber('');
    setChosen(null);
    setTried(false);
    onClose();
  };
  return (
    <Dialog
      isOpen={isOpen} onClose={onClose} title={t('open.title')}
      actions={<><Button onPress={onClose}>{t('open.cancel')}</Button><Button variant="primary" onPress={open} data-testid="open-confirm">{t('open.confirm')}</Button></>}
    >
      <form className={styles.open} onSubmit={(event) => { event.preventDefault(); open(); }}>
        <TextField
          label={t('field.number')} value={number} onChange={setNumber} maxLength={64} autoFocus isRequired error={isTried && !parsed.success ? t('problem.number') : null} data-testid="open-number"
          onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); open(); } }}
        />
        <Select
          label={t('column.type')} value={type} onChange={setChosen} isRequired hint={chosen === null && type !== null ? t('open.guessed') : undefined}
          options={documentTypes.map((value) => ({ value, label: words.type(value), note: documentTypeInfo[value].prefix }))} error={isTried && type === null ? t('open.typeMissing') : null}
        />
      </form>
    </Dialog>
  );
}
