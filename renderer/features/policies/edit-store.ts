import { create } from 'zustand';
import { changesBetween } from '../../../shared/policy/edit.ts';
import type { RuleRecord, WorkingSet } from '../../../shared/policy/records.ts';
import { inOrder, type Rule } from '../../../shared/policy/rule.ts';
import { call } from '../../bridge/call.ts';
import { beforeLeaving } from '../../state/unstored.ts';
import { useLock, isShut } from '../../state/lock.ts';
import { onPersonLeft } from '../documents/working-account.ts';

/** One state of the edit; undo and redo go from one to the other. */
export type Edit = { base: readonly RuleRecord[]; rules: readonly Rule[]; reason: string };
export type Saving = { status: 'saved'; at: number } | { status: 'saving' } | { status: 'failed'; error: unknown } | { status: 'none' };

type PolicyEdit = {
  edit: Edit | null;
  past: readonly Edit[];
  future: readonly Edit[];
  saving: Saving;
  /** Takes up what is stored, or begins on what the server has. */
  open: (server: readonly RuleRecord[], working: WorkingSet | null) => void;
  /** `group` joins changes of one field while it is typed into one step of undo. */
  change: (next: Partial<Edit>, group?: string) => void;
  undo: () => void;
  redo: () => void;
  /** Begins anew on the server's rules; what was edited can be had back by undo. */
  reset: (server: readonly RuleRecord[]) => void;
  close: () => void;
};

/** Milliseconds after the last key before the edit is stored. */
const pause = 300;
/** Steps that undo remembers. */
const depth = 200;
/** Milliseconds within which changes of the same field are one step. */
const together = 1_000;

export const isEdited = ({ base, rules }: Edit): boolean => changesBetween(base, rules).length > 0;

let timer: ReturnType<typeof setTimeout> | null = null;
let last: { group: string; at: number } | null = null;

export const usePolicyEdit = create<PolicyEdit>((set, get) => {
  const put = (edit: Edit, history: Partial<Pick<PolicyEdit, 'past' | 'future'>>): void => {
    set({ edit: { ...edit, rules: inOrder(edit.rules) }, ...history });
    schedule();
  };
  return {
    edit: null, past: [], future: [], saving: { status: 'none' },
    open: (server, working) => set({
      edit: working === null ? { base: server, rules: inOrder(server.map(({ rule }) => rule)), reason: '' } : { base: working.base, rules: inOrder(working.rules), reason: working.reason },
      past: [], future: [], saving: working === null ? { status: 'none' } : { status: 'saved', at: working.savedAt },
    }),
    change: (next, group) => {
      const { edit, past } = get();
      if (edit === null) return;
      const now = Date.now();
      const continues = group !== undefined && last?.group === group && now - last.at < together;
      last = group === undefined ? null : { group, at: now };
      put({ ...edit, ...next }, { past: continues ? past : [...past, edit].slice(-depth), future: [] });
    },
    undo: () => {
      const { edit, past, future } = get();
      const before = past.at(-1);
      if (edit === null || before === undefined) return;
      last = null;
      put(before, { past: past.slice(0, -1), future: [edit, ...future] });
    },
    redo: () => {
      const { edit, past, future } = get();
      const [next, ...rest] = future;
      if (edit === null || next === undefined) return;
      last = null;
      put(next, { past: [...past, edit], future: rest });
    },
    reset: (server) => {
      const { edit, past } = get();
      put({ base: server, rules: server.map(({ rule }) => rule), reason: '' }, { past: edit === null ? past : [...past, edit].slice(-depth), future: [] });
    },
    close: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      set({ edit: null, past: [], future: [], saving: { status: 'none' } });
    },
  };
});

function schedule(): void {
  if (timer !== null) clearTimeout(timer);
  timer = setTimeout(() => void store().catch(() => undefined), pause);
}

/** Stores the edit in the encrypted cache; nothing that was edited is kept there as nothing. */
async function store(): Promise<void> {
  if (timer === null) return;
  clearTimeout(timer);
  timer = null;
  const { edit } = usePolicyEdit.getState();
  if (edit === null) return;
  usePolicyEdit.setState({ saving: { status: 'saving' } });
  try {
    const { savedAt } = await call('policy.saveWorking', isEdited(edit) ? { base: [...edit.base], rules: [...edit.rules], reason: edit.reason } : null);
    usePolicyEdit.setState({ saving: isEdited(edit) ? { status: 'saved', at: savedAt } : { status: 'none' } });
  } catch (error) {
    usePolicyEdit.setState({ saving: { status: 'failed', error } });
    throw error;
  }
}

beforeLeaving(store);
onPersonLeft(() => usePolicyEdit.getState().close());
useLock.subscribe(({ state }) => {
  if (isShut(state) && state?.status === 'locked') usePolicyEdit.getState().close();
});
