import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { DocumentKey } from '../../../../shared/domain/document.ts';
import { documentTypes } from '../../../../shared/domain/document-types.ts';
import type { Flow } from '../../../../shared/domain/flow.ts';
import { useFormat } from '../../../i18n/format.ts';
import { StateBadge } from '../StateBadge.tsx';
import { useWords } from '../words.ts';
import { addressOf } from './FlowPicture.tsx';
import styles from './flow.module.css';

/** The documents of a chain as a table, with what each came from: what the picture shows, in words. */
export function FlowTable({ flow: { nodes, edges }, current }: { flow: Flow; current: DocumentKey }): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const format = useFormat();
  const rows = nodes.map((node, index) => ({ node, index })).toSorted((a, b) =>
    documentTypes.indexOf(a.node.key.type) - documentTypes.indexOf(b.node.key.type) || ((a.node.date ?? '') < (b.node.date ?? '') ? -1 : 1));
  const origins = (index: number): string => format.list(edges.filter(({ to }) => to === index).map(({ from }) => nodes[from]?.key.number ?? ''));
  return (
    <section className={styles.section} aria-labelledby="flow-table">
      <h3 id="flow-table">{t('flow.table')}</h3>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('flow.column.document')}</th><th scope="col">{t('flow.column.date')}</th><th scope="col" className={styles.end}>{t('flow.column.gross')}</th>
            <th scope="col">{t('flow.column.status')}</th><th scope="col">{t('flow.column.workflow')}</th><th scope="col">{t('flow.column.from')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ node: { key, cached, date, gross, status, workflow }, index }) => {
            const isCurrent = key.type === current.type && key.number === current.number;
            return (
              <tr key={`${key.type}/${key.number}`} aria-current={isCurrent || undefined}>
                <th scope="row"><span className={styles.kind}>{words.type(key.type)}</span> {isCurrent ? <b>{key.number}</b> : <Link to={addressOf(key)}>{key.number}</Link>}</th>
                <td>{date === null ? '–' : format.date(date)}</td>
                <td className={styles.end}>{gross === null ? '–' : format.amount(gross)}</td>
                <td>{!cached ? t('flow.unread') : status === null || status === '' ? '–' : words.status(status)}</td>
                <td><StateBadge state={workflow} /></td>
                <td>{origins(index) || '–'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
