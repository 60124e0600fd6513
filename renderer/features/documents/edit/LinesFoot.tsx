import { memo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../i18n/format.ts';
import { useLayoutValue } from '../../../state/settings.ts';
import { Button, Icon } from '../../../ui/index.ts';
import type { PasteReport } from './paste.ts';
import type { Problem } from './problems.ts';
import type { Notice } from './working.ts';
import styles from './grid.module.css';

export type LinesFootProps = { unreadable: readonly Problem[]; notice: Notice | null; /** No further line fits. */ isFull: boolean; onGo: (path: string) => void; onUndo: () => void };

/** Under the lines: what cannot be read and where, what the last change did, and the keys. */
export const LinesFoot = memo(function LinesFoot({ unreadable, notice, isFull, onGo, onUndo }: LinesFootProps): ReactNode {
  const { t } = useTranslation('documents');
  const [at, setAt] = useState(0);
  const [enter, setEnter] = useLayoutValue<string>('documents.enter', 'right');
  const jump = (): void => {
    const problem = unreadable[at % unreadable.length];
    setAt(at + 1);
    if (problem !== undefined) onGo(problem.path);
  };
  return (
    <div className={styles.foot}>
      {unreadable.length > 0 && (
        <span className={styles.unreadable} role="alert">
          <Icon name="error" />{t('line.unreadable', { count: unreadable.length })}
          <Button variant="quiet" onPress={jump} data-testid="next-unreadable">{t(unreadable.length === 1 ? 'line.toUnreadable' : 'line.toNextUnreadable')}</Button>
        </span>
      )}
      {notice === null ? <span className={styles.keys}>{t(isFull ? 'line.full' : 'line.keys')}</span> : (
        <span role="status" className={styles.notice} data-testid="lines-notice"><span><NoticeText notice={notice} /></span><Button variant="quiet" icon="undo" shortcut="Ctrl+Z" onPress={onUndo}>{t('line.restore')}</Button></span>
      )}
      <Button variant="quiet" className={styles.enter ?? ''} onPress={() => setEnter(enter === 'down' ? 'right' : 'down')} data-testid="enter-direction">{t(enter === 'down' ? 'line.enterDown' : 'line.enterRight')}</Button>
    </div>
  );
});

function NoticeText({ notice }: { notice: Notice }): ReactNode {
  const { t } = useTranslation('documents');
  if (notice.kind === 'removed') return t('line.removed', { count: notice.count });
  if (notice.kind === 'filled') return t('line.filled', { count: notice.count });
  return <PasteText report={notice.report} />;
}

/** What a paste did, and everything of it that has no place here: nothing is dropped silently. */
function PasteText({ report }: { report: PasteReport }): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const { lines, leftColumns, leftRows, ambiguous, example, language } = report;
  return [
    t('paste.lines', { count: lines }),
    ...(leftColumns.length > 0 ? [t('paste.leftColumns', { count: leftColumns.length, columns: format.list(leftColumns) })] : []),
    ...(leftRows > 0 ? [t('paste.leftRows', { count: leftRows, shown: format.integer(leftRows) })] : []),
    ...(language === format.language ? [] : [t(`paste.language.${language}`)]),
    ...(ambiguous > 0 && example !== null ? [t(`paste.ambiguous.${language}`, { count: ambiguous, example })] : []),
  ].join(' ');
}
