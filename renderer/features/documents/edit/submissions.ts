import { create } from 'zustand';
import { setAnswer } from '../../../bridge/answers.ts';
import { call, errorOf } from '../../../bridge/call.ts';
import type { DocumentKey } from '../../../../shared/domain/document.ts';
import type { AppError } from '../../../../shared/ipc/errors.ts';
import { draftName, type DraftName } from './drafts.ts';

type Submissions = {
  running: Readonly<Record<DraftName, true>>;
  /** Why the document was saved but not submitted. */
  failures: Readonly<Record<DraftName, AppError>>;
  /** Submits a document that was just saved, and reads it back whatever comes of it. */
  submit: (key: DocumentKey) => Promise<void>;
  forget: (name: DraftName) => void;
};

const without = <T>(values: Readonly<Record<string, T>>, name: string): Record<string, T> => Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));

/** Saving and submitting in one go: it outlives the form, which is gone as soon as the document is saved. */
export const useSubmissions = create<Submissions>((set) => ({
  running: {},
  failures: {},
  submit: async ({ type, number }) => {
    const name = draftName({ type, number });
    set(({ running, failures }) => ({ running: { ...running, [name]: true }, failures: without(failures, name) }));
    try {
      await call('workflow.transition', { type, number, action: 'submit' });
    } catch (thrown) {
      set(({ failures }) => ({ failures: { ...failures, [name]: errorOf(thrown) } }));
    }
    await call('documents.refresh', { type, number }).then((record) => setAnswer('documents.cached', { type, number }, record), () => undefined);
    set(({ running }) => ({ running: without(running, name) }));
  },
  forget: (name) => set(({ failures }) => ({ failures: without(failures, name) })),
}));
