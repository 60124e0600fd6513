import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createMemoryStore } from '../../main/secrets/memory.ts';
import { startBackend } from '../backend/index.ts';
import { end, openDesk } from './keychain-desk.ts';

let folder = '';
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'valeo-disabled-')); });
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await rm(folder, { recursive: true, force: true });
});

it('a disabled account is said to be so, also after a restart, and nothing is removed until the person wants it', async () => {
  const backend = await startBackend({ documents: 5, seed: 3, rateLimits: false });
  closing.push(() => backend.close());
  const store = createMemoryStore();
  const desk = openDesk({ folder, backend, store });
  await desk.workspace.session.signIn();
  await desk.workspace.settled();
  await desk.host.facts.put('draft', 'precious', 1);
  backend.control.setDisabled('sales', true);
  await expect(desk.workspace.session.refreshNow(await desk.workspace.session.accessToken())).rejects.toMatchObject({ error: { code: 'session.expired', messageKey: 'errors.session.disabled' } });
  expect(desk.workspace.session.state()).toMatchObject({ status: 'signedIn', needsSignIn: true, isDisabled: true });
  expect((await desk.host.facts.get('draft'))?.value).toBe('precious');
  await end(desk);

  const later = openDesk({ folder, backend, store });
  closing.push(() => end(later));
  await later.workspace.restore();
  expect(later.workspace.session.state()).toMatchObject({ status: 'signedIn', needsSignIn: true, isDisabled: true });
  expect((await later.host.facts.get('draft'))?.value).toBe('precious');
  expect(await later.workspace.wipe({ secure: true })).toEqual({ keysDestroyed: true, filesLeft: [] });
  expect(await readdir(path.join(folder, 'cache'))).toEqual([]);
  expect(later.workspace.session.state().status).toBe('signedOut');
});

it('an account that was only signed out is no disabled one, and one that was enabled again goes on', async () => {
  const backend = await startBackend({ documents: 5, seed: 3, rateLimits: false });
  closing.push(() => backend.close());
  const desk = openDesk({ folder, backend, store: createMemoryStore() });
  closing.push(() => end(desk));
  await desk.workspace.session.signIn();
  backend.control.setDisabled('sales', true);
  await desk.workspace.session.refreshNow(await desk.workspace.session.accessToken()).catch(() => undefined);
  backend.control.setDisabled('sales', false);
  await desk.workspace.session.signIn();
  expect(desk.workspace.session.state()).toMatchObject({ needsSignIn: false, isDisabled: false });
  const token = await desk.workspace.session.accessToken();
  backend.control.revokeTokens();
  await desk.workspace.session.refreshNow(token).catch(() => undefined);
  expect(desk.workspace.session.state()).toMatchObject({ needsSignIn: true, isDisabled: false });
});
