import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Popover } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { LookupItem } from '../../../../shared/domain/form-spec.ts';
import { useFormat } from '../../../i18n/format.ts';
import { useLookup } from './useLookup.ts';
import styles from './grid.module.css';

export type ArticleCellProps = {
  label: string;
  cell: string;
  text: string;
  placeholder: string | undefined;
  isInvalid: boolean;
  describedBy: string | undefined;
  onType: (text: string) => void;
  onPick: (item: LookupItem) => void;
  /** Enter came before the answer: the article is picked when that is there. */
  onAwait: () => void;
  /** Enter: the line goes on. */
  onNext: () => void;
  onLeave: () => void;
};

const isExact = (item: LookupItem, text: string): boolean => item.id.toLowerCase() === text.trim().toLowerCase();

/** The article of a line: typed freely, with suggestions; Enter takes the marked one. F4 opens them. */
export function ArticleCell(props: ArticleCellProps): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const { items, isFetching, search } = useLookup('articles');
  // Who types a number and Enter faster than the server answers still gets the article.
  const [awaited, setAwaited] = useState<string | null>(null);
  const { onPick, text } = props;
  useEffect(() => {
    if (awaited === null || isFetching) return;
    setAwaited(null);
    // The one that Enter would have taken a moment later.
    const found = items.find((item) => isExact(item, awaited)) ?? items[0];
    if (found !== undefined && text === awaited) onPick(found);
  }, [awaited, isFetching, items, onPick, text]);

  const pick = (item: LookupItem): void => {
    setOpen(false);
    onPick(item);
    props.onNext();
  };
  const keyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'F4' || (event.key === 'ArrowDown' && event.altKey)) {
      search(text);
      setOpen(true);
    } else if (isOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      setActive(Math.max(0, Math.min(items.length - 1, active + (event.key === 'ArrowDown' ? 1 : -1))));
    } else if (isOpen && event.key === 'Escape') {
      setOpen(false);
    } else if (event.key === 'Enter' && isOpen && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      const marked = items[active];
      if (marked !== undefined) pick(marked);
      else {
        if (isFetching) {
          setAwaited(text);
          props.onAwait();
        }
        setOpen(false);
        props.onNext();
      }
    } else return;
    // Handled here: neither the grid nor the screen may also act on it.
    event.preventDefault();
    event.stopPropagation();
  };
  const isShown = isOpen && items.length > 0;
  return (
    <>
      <input
        ref={input} className={styles.input} data-cell={props.cell} aria-label={props.label} value={text} title={text} placeholder={props.placeholder} maxLength={200} spellCheck={false} autoComplete="off"
        role="combobox" aria-expanded={isShown} aria-controls={isShown ? listId : undefined} aria-autocomplete="list" aria-activedescendant={isShown ? `${listId}-${active}` : undefined}
        aria-invalid={props.isInvalid || undefined} aria-describedby={props.describedBy}
        onChange={(event) => {
          props.onType(event.target.value);
          setActive(0);
          setOpen(event.target.value.trim() !== '');
          search(event.target.value);
        }}
        onKeyDown={keyDown} onFocus={(event) => event.target.select()}
        onBlur={() => { setOpen(false); props.onLeave(); }}
      />
      <Popover triggerRef={input} isOpen={isShown} onOpenChange={setOpen} isNonModal placement="bottom start" offset={2} className={styles.popover ?? ''}>
        <ul id={listId} role="listbox" aria-label={t('line.suggestions')} className={styles.options}>
          {items.map((item, index) => (
            <li
              key={item.id} id={`${listId}-${index}`} role="option" aria-selected={index === active} className={styles.option}
              ref={(element) => { if (index === active) element?.scrollIntoView({ block: 'nearest' }); }}
              onPointerDown={(event) => event.preventDefault()} onClick={() => pick(item)}
            >
              <span className={styles.optionId}>{item.id}</span>
              <span className={styles.optionLabel}>{item.label}{item.hint !== null && <small>{item.hint}</small>}</span>
              <span className={styles.optionPrice}>{item.price === null ? '' : format.money(item.price)}</span>
            </li>
          ))}
        </ul>
      </Popover>
    </>
  );
}
