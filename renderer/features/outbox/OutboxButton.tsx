import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate } from 'react-router';
import type { OutboxState } from '../../../shared/domain/outbox.ts';
import { useFormat } from '../../i18n/format.ts';
import { needsPerson, outboxCount, useOutbox } from '../../state/outbox.ts';
import { Hidden, Icon, showToast, Tooltip, type IconName } from '../../ui/index.ts';
import styles from './outbox-button.module.css';

/** Sign and word for the whole outbox: what needs a person goes before what runs by itself. */
export function lookOf(state: OutboxState | null): { icon: IconName; word: 'empty' | 'person' | 'decisions' | 'sending' | 'waiting' } {
  if (outboxCount(state) === 0 || state === null) return { icon: 'sync', word: 'empty' };
  if (needsPerson(state) > 0) return { icon: 'warning', word: 'person' };
  if (state.sending > 0) return { icon: 'send', word: 'sending' };
  return state.waiting > 0 ? { icon: 'clock', word: 'waiting' } : { icon: 'approvals', word: 'decisions' };
}

/** ⇅ in the title bar: how much is not on the server yet, and whether somebody has to look at it. */
export function OutboxButton(): ReactNode {
  const { t } = useTranslation('outbox');
  const format = useFormat();
  const state = useOutbox((store) => store.state);
  const count = outboxCount(state);
  const { icon, word } = lookOf(state);
  const parts = state === null ? [] : (['conflicts', 'rejected', 'decisions', 'sending', 'waiting'] as const).filter((part) => state[part] > 0).map((part) => t(`button.${part}`, { count: state[part], shown: format.integer(state[part]) }));
  const label = count === 0 ? t('button.empty') : t('button.label', { shown: format.integer(count), parts: format.list(parts) });
  const said = useNews(state);
  return (
    <>
      <Tooltip text={label} native placement="bottom">
        <Link to="/outbox" className={styles.button} aria-label={label} data-testid="outbox" data-word={word} data-count={count} draggable={false}>
          {word !== 'empty' && <Icon name="sync" />}
          <Icon name={icon} className={styles.sign} />
          {count > 0 && <span>{format.integer(count)}</span>}
        </Link>
      </Tooltip>
      <span role="status"><Hidden>{said}</Hidden></span>
    </>
  );
}

/**
 * Says what happened without being asked: politely when the last thing left the outbox, as a toast when something came
 * back that a person must look at while they are elsewhere.
 */
function useNews(state: OutboxState | null): string {
  const { t } = useTranslation('outbox');
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [said, setSaid] = useState('');
  const last = useRef<OutboxState | null>(null);
  const takeDown = useRef<(() => void) | null>(null);
  const isHere = pathname.startsWith('/outbox');
  // Who looks at the outbox needs no note that there is something in it.
  useEffect(() => {
    if (isHere) takeDown.current?.();
  }, [isHere]);
  useEffect(() => {
    const before = last.current;
    last.current = state;
    if (before === null || state === null) return;
    if (outboxCount(before) > 0 && outboxCount(state) === 0) setSaid(t('news.empty'));
    else if (outboxCount(state) > 0) setSaid('');
    if (isHere) return;
    const kind = state.conflicts > before.conflicts ? 'conflict' : state.rejected > before.rejected ? 'rejected' : null;
    if (kind === null) return;
    takeDown.current?.();
    takeDown.current = showToast({ title: t(`news.${kind}`), tone: 'warning', action: { label: t('news.look'), run: () => void navigate('/outbox') } });
  }, [state, isHere, t, navigate]);
  return said;
}
