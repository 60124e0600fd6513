import { create } from 'zustand';
import type { DocumentKey } from '../../../shared/domain/document.ts';
import type { AppError } from '../../../shared/ipc/errors.ts';
import { queryClient } from '../../bridge/queries.ts';
import { call, errorOf } from '../../bridge/call.ts';

export type Print = { status: 'running' } | { status: 'saved'; file: { path: string; name: string; sha256: string } } | { status: 'failed'; error: AppError };

/** Server prints by document, because they outlive a click on another row: the copy is archived whether anybody looks or not. */
export const usePrints = create<{ prints: Readonly<Record<string, Print>> }>(() => ({ prints: {} }));

export const printName = ({ type, number }: DocumentKey): string => `${type}/${number}`;

const put = (name: string, print: Print | null): void => usePrints.setState(({ prints }) => {
  const { [name]: _before, ...others } = prints;
  return { prints: print === null ? others : { ...others, [name]: print } };
});

export const forgetPrint = (key: DocumentKey): void => put(printName(key), null);

/** Asks the server for its PDF, once: while one is on its way, another click does nothing. */
export async function printOnServer(key: DocumentKey, title: string): Promise<void> {
  const name = printName(key);
  if (usePrints.getState().prints[name]?.status === 'running') return;
  put(name, { status: 'running' });
  try {
    const file = await call('paper.printOnServer', { ...key, name: title });
    put(name, file === null ? null : { status: 'saved', file });
  } catch (thrown) {
    put(name, { status: 'failed', error: errorOf(thrown) });
  }
  // Even a print that failed here may have been archived there.
  void queryClient.invalidateQueries({ queryKey: ['paper.history'] });
}
