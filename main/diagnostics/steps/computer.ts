import { randomUUID } from 'node:crypto';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { StepOutcome } from '../../../shared/domain/diagnostics.ts';
import { AppFailure } from '../../../shared/ipc/errors.ts';
import { outcome, type StepContext } from '../ports.ts';

const megabyte = 1_000_000;
/** Below this the next update or a larger pull may fail. */
const lowBytes = 1_000 * megabyte;
const fullBytes = 50 * megabyte;
const day = 86_400_000;

/** The doctor's verdict in one line; what it found in detail stands below on the screen. */
export async function keychainStep({ examineKeychain }: StepContext): Promise<StepOutcome> {
  const { state, isUsable } = await examineKeychain();
  const facts = { keychain: state };
  if (state === 'ok') return outcome('ok', null, facts);
  if (state === 'absent') return outcome('warning', 'keychainAbsent', facts);
  if (state === 'locked' || state === 'dismissed') return outcome('failed', 'keychainLocked', facts);
  return outcome(isUsable && state === 'slow' ? 'warning' : 'failed', 'keychainTrouble', facts);
}

/** Size, integrity and age of the cache. The check goes table by table, so that lists are served in between. */
export async function databaseStep({ work, host, signal, clock }: StepContext): Promise<StepOutcome> {
  const { isUnlocked, pulledAt, canPull } = work();
  if (!isUnlocked) return outcome('skipped', 'cacheClosed');
  try {
    const { bytes, logBytes, documents, tables } = await host.health.size();
    const facts: StepOutcome['facts'] = { size: String(bytes + logBytes), documents: String(documents), integrity: `${tables.length}/${tables.length}`, ...(pulledAt === null ? {} : { pulled: new Date(pulledAt).toISOString() }) };
    for (const [index, table] of tables.entries()) {
      if (signal.aborted) return outcome('skipped', 'stopped', { ...facts, integrity: `${index}/${tables.length}` });
      const problem = await host.health.check(table);
      if (problem !== null) return outcome('failed', 'databaseDamaged', { ...facts, integrity: `${index}/${tables.length}`, code: table });
    }
    if (!canPull) return outcome('ok', 'pullUnsupported', facts);
    if (pulledAt === null) return outcome('warning', 'neverPulled', facts);
    return clock.now() - pulledAt > day ? outcome('warning', 'pulledLongAgo', facts) : outcome('ok', null, facts);
  } catch (error) {
    const code = error instanceof AppFailure ? error.error.code : 'app.internal';
    if (code === 'database.diskFull') return outcome('failed', 'diskFull', { code });
    return outcome('failed', code === 'database.damaged' ? 'databaseDamaged' : 'databaseFailing', { code });
  }
}

/** Room on the disk of the app's data, and whether it can really be written: a quota or a right is not seen from the free bytes. */
export async function diskStep({ folder }: StepContext): Promise<StepOutcome> {
  const probe = path.join(folder, `.probe-${randomUUID()}`);
  let facts: StepOutcome['facts'] = {};
  try {
    await mkdir(folder, { recursive: true });
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    facts = { free: String(free) };
    const file = await open(probe, 'wx', 0o600);
    try {
      await file.write(Buffer.alloc(64 * 1024, 1));
      await file.sync();
    } finally {
      await file.close();
    }
    if (free < fullBytes) return outcome('failed', 'diskFull', facts);
    return free < lowBytes ? outcome('warning', 'diskLow', facts) : outcome('ok', null, facts);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    return outcome('failed', code === 'ENOSPC' || code === 'EDQUOT' ? 'diskFull' : 'diskUnwritable', { ...facts, code });
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}
