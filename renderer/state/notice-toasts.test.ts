import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { appError } from '../../shared/ipc/errors.ts';
import { showToast } from '../ui/Toast.tsx';
import { toastNotice } from './notice-toasts.ts';

vi.mock('../ui/Toast.tsx', () => ({ showToast: vi.fn() }));
vi.mock('i18next', () => ({ default: { exists: () => true, t: (key: string, { count }: { count?: number }) => (count === undefined ? key : `${key} ${count}`) } }));

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); vi.mocked(showToast).mockClear(); });
const shown = (): unknown[] => vi.mocked(showToast).mock.calls.map(([{ title }]) => title);

it('shows one notice in its own words', () => {
  toastNotice(appError('backup.reminder'));
  vi.advanceTimersByTime(2_000);
  expect(shown()).toEqual(['backup.reminder']);
});

it('shows several that come together as one', () => {
  for (const code of ['backup.reminder', 'audit.nothingVerified', 'database.damaged'] as const) toastNotice(appError(code));
  vi.advanceTimersByTime(2_000);
  toastNotice(appError('backup.reminder'));
  vi.advanceTimersByTime(2_000);
  expect(shown()).toEqual(['toast.notices 3', 'backup.reminder']);
});
