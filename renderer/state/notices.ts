import { create } from 'zustand';
import type { AppError } from '../../shared/ipc/errors.ts';

/** Something a person should know that no call of theirs asked for. */
export type Notice = { id: number; at: number; error: AppError };

type Notices = { list: readonly Notice[]; add: (error: AppError) => Notice; dismiss: (id: number) => void };

let nextId = 1;

/** Newest first. The same message with the same parameters stands once, with its latest time. */
export const useNotices = create<Notices>((set) => ({
  list: [],
  add: (error) => {
    const notice = { id: nextId++, at: Date.now(), error };
    const same = (other: Notice): boolean => other.error.messageKey === error.messageKey && JSON.stringify(other.error.params) === JSON.stringify(error.params);
    set(({ list }) => ({ list: [notice, ...list.filter((other) => !same(other))] }));
    return notice;
  },
  dismiss: (id) => set(({ list }) => ({ list: list.filter((notice) => notice.id !== id) })),
}));
