import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { DocumentKey } from '../../../../shared/domain/document.ts';
import type { Flow, FlowNode } from '../../../../shared/domain/flow.ts';
import { useFormat } from '../../../i18n/format.ts';
import { cx, Hidden, Icon } from '../../../ui/index.ts';
import { stateLook, useWords } from '../words.ts';
import { neighbour, nodeHeight, nodeWidth, pictureOf } from './layout.ts';
import styles from './flow.module.css';

export const addressOf = ({ type, number }: DocumentKey): string => `/documents/${type}/${encodeURIComponent(number)}`;
const isSame = (a: DocumentKey, b: DocumentKey): boolean => a.type === b.type && a.number === b.number;

/** The chain as a small graph; arrow keys walk along its lines, Enter opens. The table below says the same in words. */
export function FlowPicture({ flow, current }: { flow: Flow; current: DocumentKey }): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const picture = useMemo(() => pictureOf(flow), [flow]);
  const links = useRef(new Map<number, HTMLAnchorElement>());
  const [focused, setFocused] = useState<number | null>(null);
  const own = flow.nodes.findIndex(({ key }) => isSame(key, current));
  const entry = focused !== null && focused < flow.nodes.length ? focused : Math.max(0, own);
  const walk = (event: KeyboardEvent): void => {
    const next = neighbour(picture, entry, event.key);
    if (next === null) return;
    event.preventDefault();
    links.current.get(next)?.focus();
  };
  return (
    <div className={styles.scroll} role="group" aria-label={t('flow.picture')} onKeyDown={walk}>
      <div className={styles.rows} style={{ height: picture.height }} aria-hidden>
        {picture.stages.map(({ type, top }) => <div key={type} className={styles.stage} style={{ top, height: nodeHeight }}>{words.type(type)}</div>)}
      </div>
      <div className={styles.picture} style={{ width: picture.width, height: picture.height }}>
        <svg className={styles.lines} width={picture.width} height={picture.height} aria-hidden>
          {picture.edges.map(({ from, to, path }) => <path key={`${from}-${to}`} d={path} data-own={from === own || to === own || undefined} />)}
        </svg>
        {picture.stages.map(({ nodes, top }) => nodes.map(({ index, left }) => {
          const node = flow.nodes[index];
          return node !== undefined && (
            <NodeLink
              key={index} node={node} isCurrent={index === own} isEntry={index === entry} place={{ left, top, width: nodeWidth, height: nodeHeight }}
              onFocus={() => setFocused(index)} refer={(element) => { if (element === null) links.current.delete(index); else links.current.set(index, element); }}
            />
          );
        }))}
      </div>
    </div>
  );
}

type NodeLinkProps = { node: FlowNode; isCurrent: boolean; isEntry: boolean; place: { left: number; top: number; width: number; height: number }; onFocus: () => void; refer: (element: HTMLAnchorElement | null) => void };

function NodeLink({ node, isCurrent, isEntry, place, onFocus, refer }: NodeLinkProps): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const format = useFormat();
  const { key, cached, date, gross, status, workflow } = node;
  const where = status === null || status === '' ? '–' : words.status(status);
  const state = workflow === null || workflow === 'draft' ? null : stateLook[workflow];
  const facts = [date === null ? null : format.date(date), gross === null ? null : format.money(gross), cached ? where : t('flow.unread'), workflow === null ? null : words.state(workflow)].filter((fact) => fact !== null);
  return (
    <Link
      ref={refer} to={addressOf(key)} className={cx(styles.node, isCurrent && styles.current, !cached && styles.unread)} style={place} tabIndex={isEntry ? 0 : -1} onFocus={onFocus}
      aria-current={isCurrent ? 'page' : undefined} data-testid="flow-node" data-number={key.number} title={facts.join(' · ')}
    >
      <span className={styles.number}><Hidden>{words.type(key.type)} </Hidden>{key.number}{isCurrent && <Hidden> ({t('flow.current')})</Hidden>}</span>
      {cached ? (
        <>
          <span className={styles.line}><span>{date === null ? '–' : format.date(date)}</span><span className={styles.amount}>{gross === null ? '' : format.amount(gross)}</span></span>
          <span className={styles.line}><span className={styles.status}>{where}</span>{state !== null && workflow !== null && <span className={styles.state} data-tone={state.tone}><Icon name={state.icon} />{words.state(workflow)}</span>}</span>
        </>
      ) : <span className={styles.line}>{t('flow.unread')}</span>}
    </Link>
  );
}
