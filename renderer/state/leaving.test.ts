import { expect, it, vi } from 'vitest';
import { nothingOnlyHere, type OnlyHere } from '../../shared/domain/only-here.ts';

// It needs a page.
vi.mock('../ui/Toast.tsx', () => ({ showToast: vi.fn() }));

/** The state of a window; what main answers about the work that is only here, or null when it does not answer. */
async function begin(answer: { mine: OnlyHere; others: OnlyHere } | null) {
  vi.resetModules();
  const asked: string[] = [];
  vi.stubGlobal('window', { valeo: {
    call: (name: string) => {
      asked.push(name);
      return Promise.resolve(name === 'session.onlyHere' && answer === null ? { ok: false, error: { code: 'app.internal', messageKey: '', params: {} } } : { ok: true, value: name === 'session.onlyHere' ? answer : null });
    },
    on: () => undefined,
  } });
  return { ...(await import('./leaving.ts')), asked };
}

const some: OnlyHere = { ...nothingOnlyHere, drafts: 3 };

it('asks before a sign-out that loses something, and goes on at the word of the person', async () => {
  const { signOutWhenStored, useLeaving } = await begin({ mine: some, others: nothingOnlyHere });
  const signOut = vi.fn();
  await signOutWhenStored(signOut);
  expect(signOut).not.toHaveBeenCalled();
  expect(useLeaving.getState().asked).toMatchObject({ way: 'signOut', mine: some });
  await useLeaving.getState().asked?.go();
  expect(signOut).toHaveBeenCalledOnce();
});

it('does not ask at the sign-out about what others have, which stays, but does before the end of the app', async () => {
  const { signOutWhenStored, quitWhenAsked, useLeaving, asked } = await begin({ mine: nothingOnlyHere, others: some });
  const signOut = vi.fn();
  await signOutWhenStored(signOut);
  expect(signOut).toHaveBeenCalledOnce();
  await quitWhenAsked();
  expect(useLeaving.getState().asked).toMatchObject({ way: 'quit', others: some });
  expect(asked).not.toContain('quit.now');
});

it.each([['nothing is lost', { mine: nothingOnlyHere, others: nothingOnlyHere }], ['nobody can say', null]])('holds nobody up when %s', async (_, answer) => {
  const { quitWhenAsked, useLeaving, asked } = await begin(answer);
  await quitWhenAsked();
  expect([useLeaving.getState().asked, asked.at(-1)]).toEqual([null, 'quit.now']);
});
