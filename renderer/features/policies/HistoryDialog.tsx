import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rule } from '../../../shared/policy/rule.ts';
import { changesOf } from '../../../shared/policy/edit.ts';
import { isSameRule } from '../../../shared/policy/rule.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../i18n/format.ts';
import { Button, Dialog, EmptyState, ErrorPanel } from '../../ui/index.ts';
import { changeWords, ruleWords } from './words.ts';
import styles from './policies.module.css';

/** Every version of one rule, newest first. Going back puts the old state into the edit, where replay and verdict show what it would do. */
export function HistoryDialog({ id, rule, onRollback, onClose }: { id: string; rule: Rule | null; onRollback: (rule: Rule) => void; onClose: () => void }): ReactNode {
  const { t } = useTranslation('policies');
  const format = useFormat();
  const versions = useCall('policy.versions', undefined);
  const own = (versions.data?.value ?? []).filter(({ ruleId }) => ruleId === id).toSorted((a, b) => Number(b.version) - Number(a.version));
  return (
    <Dialog isOpen onClose={onClose} size="large" title={t('history.title', { id })} actions={<Button onPress={onClose}>{t('close')}</Button>}>
      {versions.error !== null && <ErrorPanel error={versions.error} isInline onRetry={versions.refetch} />}
      {versions.data !== undefined && own.length === 0 && <EmptyState title={t('history.none')} />}
      <ol className={styles.proposals} reversed>
        {own.map((version, index) => {
          const previous = own[index + 1]?.rule ?? null;
          const isCurrent = version.rule !== null && rule !== null && isSameRule(version.rule, rule);
          return (
            <li key={version.version}>
              <p><b>{t('history.version', { version: version.version })}</b> · {version.author} · {format.moment(version.at)}</p>
              {version.reason !== null && <p>{version.reason}</p>}
              {version.rule === null ? <p>{t('history.deleted')}</p> : previous === null ? <p>{ruleWords(version.rule, t)}</p> : <ul>{changesOf(previous, version.rule).map((one) => <li key={one.path}>{changeWords(one, t, format)}</li>)}</ul>}
              {version.rule !== null && <Button icon="history" isDisabled={isCurrent} reason={t('history.isCurrent')} onPress={() => version.rule !== null && onRollback(version.rule)}>{t('history.rollback')}</Button>}
            </li>
          );
        })}
      </ol>
    </Dialog>
  );
}
