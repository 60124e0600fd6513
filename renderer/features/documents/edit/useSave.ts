import { useCallback, useState } from 'react';
import { setAnswer } from '../../../bridge/answers.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import { useIsOffline } from '../../../state/connection.ts';
import type { DocumentRecord } from '../../../../shared/domain/document.ts';
import { appError } from '../../../../shared/ipc/errors.ts';
import { toDocument, type Draft } from './draft.ts';
import { draftName, useDrafts, type DraftName } from './drafts.ts';
import type { Problem } from './problems.ts';
import { isDirty, rebase } from './rebase.ts';

export type Saving = {
  isSaving: boolean;
  /** Saves; resolves with the stored record, or with null while the draft stays open with its reason. */
  save: () => Promise<DocumentRecord | null>;
};

/**
 * Saves a draft. Whatever comes back, the draft stays in the store until the server's own copy of it is on screen; what
 * is typed while the call runs is not lost either: it stays open as a change of what was stored.
 */
export function useSave(name: DraftName, problems: readonly Problem[]): Saving {
  const isOffline = useIsOffline();
  const [isSaving, setSaving] = useState(false);
  const save = useCallback(async (): Promise<DocumentRecord | null> => {
    const { change, failed, close, open } = useDrafts.getState();
    change(name, { type: 'attempt' });
    const sent: Draft | undefined = useDrafts.getState().entries[name]?.draft;
    if (sent === undefined || isSaving || problems.length > 0) return null;
    if (isOffline) {
      failed(name, appError('network.unreachable', { messageKey: 'documents.save.offline' }), sent);
      return null;
    }
    setSaving(true);
    try {
      const record = await call('documents.save', { document: toDocument(sent), isNew: sent.isNew, etag: sent.etag });
      setAnswer('documents.cached', { type: sent.type, number: record.document.number }, record);
      const now = useDrafts.getState().entries[name]?.draft;
      close(name);
      // What was typed while the call ran goes on top of what is stored now.
      const rest = now === undefined || now === sent ? null : rebase({ ...now, base: toDocument(sent) }, record).draft;
      if (rest !== null && isDirty(rest)) open(draftName(record.document), rest);
      return record;
    } catch (thrown) {
      failed(name, errorOf(thrown), sent);
      return null;
    } finally {
      setSaving(false);
    }
  }, [name, problems, isOffline, isSaving]);
  return { isSaving, save };
}
