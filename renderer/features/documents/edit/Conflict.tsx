import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormSpec } from '../../../../shared/domain/form-spec.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Banner, Button, ErrorPanel, useCopy } from '../../../ui/index.ts';
import { useWords } from '../words.ts';
import { toDocument, type Draft } from './draft.ts';
import { useDrafts, type DraftName, type Entry } from './drafts.ts';
import { pathOf } from './problems.ts';

/** True when somebody else saved first; a new document can only meet a taken number, which stands at its field. */
export const isConflict = (error: AppError, isNew: boolean): boolean => !isNew && (error.code === 'server.preconditionFailed' || error.code === 'server.conflict');

/** Somebody else saved the document first: what happened, and two ways on that lose nothing. */
export function Conflict({ name, error, draft }: { name: DraftName; error: AppError; draft: Draft }): ReactNode {
  const { t } = useTranslation('documents');
  const { isCopied, copy } = useCopy();
  const [isLoading, setLoading] = useState(false);
  const [failed, setFailed] = useState<AppError | null>(null);
  const reload = async (): Promise<void> => {
    setLoading(true);
    setFailed(null);
    try {
      useDrafts.getState().rebase(name, await call('documents.refresh', { type: draft.type, number: draft.base.number }));
    } catch (thrown) {
      setFailed(errorOf(thrown));
    } finally {
      setLoading(false);
    }
  };
  return (
    <>
      <ErrorPanel
        error={{ ...error, fieldErrors: [] }} title={t('conflict.title')} isInline
        action={(
          <>
            <Button variant="primary" icon="refresh" isPending={isLoading} onPress={() => void reload()} data-testid="reapply">{t('conflict.reapply')}</Button>
            <Button icon={isCopied ? 'check' : 'copy'} onPress={() => copy(JSON.stringify(toDocument(draft), null, 2).slice(0, 20_000))}>{t(isCopied ? 'conflict.copied' : 'conflict.copyMine')}</Button>
          </>
        )}
      />
      {failed !== null && <ErrorPanel error={failed} title={t('conflict.reloadFailed')} onRetry={() => void reload()} isInline />}
    </>
  );
}

/** What putting one's changes on top of the server's state did. */
export function RebasedNote({ rebased, spec }: { rebased: NonNullable<Entry['rebased']>; spec: FormSpec }): ReactNode {
  const { t } = useTranslation('documents');
  const words = useWords();
  const format = useFormat();
  const names = (paths: readonly string[]): string => format.list(paths.map((path) => {
    if (path === 'lines') return t('line.table');
    const field = spec.fields.find((one) => pathOf(one.name) === path);
    return field === undefined ? path.replace(/^fields\./, '') : words.field(field);
  }));
  return (
    <Banner tone={rebased.both.length > 0 ? 'warning' : 'success'}>
      {t('conflict.applied')}
      {rebased.taken.length > 0 && ` ${t('conflict.taken', { fields: names(rebased.taken) })}`}
      {rebased.both.length > 0 && ` ${t('conflict.both', { fields: names(rebased.both) })}`}
    </Banner>
  );
}
