import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Hidden, Icon } from '../../ui/index.ts';
import { sides, type mergedByThemselves } from './conflict-model.ts';
import type { LineNames, PlaceWords } from './place-words.ts';
import styles from './conflict.module.css';

export type MergedPlacesProps = { merged: ReturnType<typeof mergedByThemselves>; words: PlaceWords; lines: LineNames; isOpen?: boolean; title?: string };

const signs = { mine: 'user', theirs: 'server', agreed: 'check' } as const;

/** What was put together without asking: closed, because there is nothing to do, but all of it to be seen. */
export function MergedPlaces({ merged, words, lines, isOpen = false, title }: MergedPlacesProps): ReactNode {
  const { t } = useTranslation('outbox');
  return (
    <details className={styles.merged} open={isOpen} data-testid="merged-places">
      <summary>{title ?? t('merged.title', { count: merged.length })}</summary>
      <ul>
        {merged.map(({ conflict, outcome }) => (
          <li key={conflict.path} className={styles.row}>
            <span className={styles.label}>
              {outcome !== 'same' && outcome !== 'conflict' && <Icon name={signs[outcome]} label={t(`origin.${outcome}`)} />}
              <span className={styles.name}>{words.label(conflict, lines)}{words.detail(conflict, lines) !== null && <span className={styles.detail}>{words.detail(conflict, lines)}</span>}</span>
            </span>
            {sides.map((side) => {
              const isTaken = side !== 'base' && (outcome === side || outcome === 'agreed');
              return <span key={side} className={styles.said} data-taken={isTaken || undefined}><Hidden>{t(`side.${side}`)}: </Hidden>{words.value(conflict, side, lines) ?? <span className={styles.none}>{t('place.empty')}</span>}</span>;
            })}
          </li>
        ))}
      </ul>
    </details>
  );
}
