import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Checklist, ItemStanding } from '../../../../shared/security/checklists/list.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Icon, type Column } from '../../../ui/index.ts';
import { AnswerMark } from './AnswerMark.tsx';
import styles from './checklists.module.css';

/** The columns of a list; the number only where the list has some. */
export function useColumns(language: 'de' | 'en', items: Checklist['items']): Column<ItemStanding>[] {
  const { t } = useTranslation('security-checklists');
  const format = useFormat();
  const longest = Math.max(0, ...items.map(({ ref }) => ref.length));
  return useMemo(() => [
    ...(longest === 0 ? [] : [{ id: 'ref', header: t('column.ref'), width: longest > 8 ? 152 : 72, render: ({ item }: ItemStanding) => <span className={styles.ref}>{item.ref}</span> }]),
    { id: 'item', header: t('column.item'), width: 240, grow: 3, render: ({ item }) => item.text[language] },
    { id: 'state', header: t('column.state'), width: 176, render: (standing) => <span className={styles.marks}><AnswerMark standing={standing} />{standing.result?.isPending === true && <span title={t('pending')}><Icon name="clock" className={styles.sign} /></span>}</span> },
    { id: 'owner', header: t('column.owner'), width: 120, render: ({ result }) => result?.owner ?? '' },
    { id: 'due', header: t('column.due'), width: 96, render: ({ result }) => (result === null || result.due === null ? '' : format.date(result.due)) },
  ], [t, format, language, longest]);
}
