import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ItemStanding } from '../../../../shared/security/checklists/list.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Icon, type Column } from '../../../ui/index.ts';
import { AnswerMark } from './AnswerMark.tsx';
import styles from './checklists.module.css';

/** The columns of a list; the number only where the list has some. */
export function useColumns(language: 'de' | 'en', hasLevels: boolean): Column<ItemStanding>[] {
  const { t } = useTranslation('security-checklists');
  const format = useFormat();
  return useMemo(() => [
    { id: 'ref', header: t('column.ref'), width: hasLevels ? 72 : 120, render: ({ item }) => <span className={styles.ref}>{item.ref}</span> },
    { id: 'item', header: t('column.item'), width: 240, grow: 3, render: ({ item }) => item.text[language] },
    { id: 'state', header: t('column.state'), width: 200, render: (standing) => <span className={styles.marks}><AnswerMark standing={standing} />{standing.result?.isPending === true && <span title={t('pending')}><Icon name="clock" className={styles.sign} /></span>}</span> },
    { id: 'owner', header: t('column.owner'), width: 104, render: ({ result }) => result?.owner ?? '' },
    { id: 'due', header: t('column.due'), width: 88, render: ({ result }) => (result === null || result.due === null ? '' : format.date(result.due)) },
  ], [t, format, language, hasLevels]);
}
