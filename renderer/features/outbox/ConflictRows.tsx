import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldConflict } from '../../../shared/domain/merge.ts';
import type { Side } from '../../../shared/domain/merge-values.ts';
import { Hidden, Icon, Kbd } from '../../ui/index.ts';
import { sides } from './conflict-model.ts';
import type { LineNames, PlaceWords } from './place-words.ts';
import styles from './conflict.module.css';

export type ConflictRowsProps = {
  /** Names the radio buttons apart from those of another conflict. */
  id: string;
  conflicts: readonly FieldConflict[];
  choices: Readonly<Record<string, Side>>;
  current: string | null;
  hasBase: boolean;
  words: PlaceWords;
  lines: LineNames;
  onChoose: (path: string, side: Side) => void;
  onCurrent: (path: string) => void;
  onStep: (by: 1 | -1) => void;
};

/** The places that both changed: one of three values each, chosen with 1, 2, 3 or the arrows. */
export function ConflictRows({ id, conflicts, choices, current, hasBase, words, lines, onChoose, onCurrent, onStep }: ConflictRowsProps): ReactNode {
  const { t } = useTranslation('outbox');
  const rows = useRef<HTMLDivElement>(null);
  const chosenHere = current === null ? undefined : choices[current];
  // The cursor of J, K and the digits is the focus, so that a screen reader says where one is and what was chosen.
  // When the conflict is opened it stays where it is: somebody may be walking through the list.
  const wasAt = useRef<string | null>(null);
  useEffect(() => {
    const at = `${id} ${current ?? ''} ${chosenHere ?? ''}`;
    const isOpening = wasAt.current === null;
    const row = rows.current?.querySelector<HTMLElement>('[data-current]');
    const target = row?.querySelector<HTMLInputElement>('input:checked') ?? row?.querySelector<HTMLInputElement>('input:not(:disabled)');
    const isThere = row?.contains(document.activeElement) === true && (chosenHere === undefined || document.activeElement === target);
    if (!isOpening && wasAt.current !== at && !isThere) {
      target?.focus();
      row?.scrollIntoView({ block: 'nearest' });
    }
    wasAt.current = at;
  }, [current, id, chosenHere]);
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    onStep(event.key === 'ArrowDown' ? 1 : -1);
  };
  return (
    <div ref={rows} className={styles.rows} onKeyDown={keyDown}>
      {conflicts.map((place) => {
        const label = words.label(place, lines);
        const detail = words.detail(place, lines);
        const chosen = choices[place.path];
        return (
          <div
            key={place.path} role="radiogroup" aria-label={detail === null ? label : `${label}, ${detail}`} className={styles.row} data-place={place.path} data-current={place.path === current || undefined}
            data-open={chosen === undefined || undefined} onFocus={() => onCurrent(place.path)}
          >
            <span className={styles.label}>
              <Icon name={chosen === undefined ? 'warning' : 'check'} label={t(chosen === undefined ? 'conflict.open' : 'conflict.chosen')} />
              <span className={styles.name}>{label}{detail !== null && <span className={styles.detail} title={detail}>{detail}</span>}</span>
            </span>
            {sides.map((side, index) => {
              const value = words.value(place, side, lines);
              const isOff = side === 'base' && !hasBase;
              return (
                <label key={side} className={styles.choice} data-chosen={chosen === side || undefined} data-off={isOff || undefined}>
                  <input type="radio" name={`${id}:${place.path}`} value={side} checked={chosen === side} disabled={isOff} onChange={() => onChoose(place.path, side)} data-side={side} />
                  <span className={styles.value}><Hidden>{t(`side.${side}`)}: </Hidden>{value ?? <span className={styles.none}>{t('place.empty')}</span>}</span>
                  <span className={styles.key} aria-hidden><Kbd keys={String(index + 1)} /></span>
                </label>
              );
            })}
          </div>
        );
      })}
    </div>
  );
}
