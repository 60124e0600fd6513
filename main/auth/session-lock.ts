import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { Clock } from '../erp/ports.ts';

/** Ends the exclusive time. Calling it twice is no error; it never throws. */
export type Release = () => Promise<void>;

/** Lets one process at a time renew the session of a profile: a rotated refresh token used by two kills the session of both. */
export type SessionLock = {
  /** @returns null when somebody else kept it for all of `waitMs`. @throws Error when locking does not work here at all. */
  acquire(waitMs: number): Promise<Release | null>;
};

/** For programs that are alone with their secret store by other means, and for a store in memory. */
export const noLock: SessionLock = { acquire: () => Promise.resolve(async () => undefined) };

export type FileLockOptions = {
  /** Lies beside the user data; its folder is made when it is not there. */
  file: string;
  clock: Clock;
  /** Whether a process of this computer runs. */
  isAlive?: (pid: number) => boolean;
  pollMs?: number;
  /** A lock without a sign of life for so many polls in a row is left over. Counted, not timed: a computer that slept has not waited. */
  stalePolls?: number;
};

const contentSchema = z.object({ pid: z.number().int(), host: z.string(), id: z.string(), beat: z.number() });
type Content = z.infer<typeof contentSchema>;

const heartbeatMs = 5000;

function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const hasCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code;

/**
 * A lock in the file system: the file is made exclusively, and whoever made it shows life every five seconds. The file
 * of a process that has ended, or that shows no life, is moved aside.
 */
export function createFileLock({ file, clock, isAlive = processRuns, pollMs = 100, stalePolls = 300 }: FileLockOptions): SessionLock {
  const pause = (): Promise<void> => new Promise((resolve) => { clock.after(pollMs, resolve); });

  async function make(content: Content): Promise<boolean> {
    try {
      await writeFile(file, JSON.stringify(content), { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  }

  /** @returns null when there is none. A half-written one is a text that changes soon or is left over. */
  async function read(): Promise<string | null> {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return null;
      throw error;
    }
  }

  function isOfTheDead(text: string): boolean {
    try {
      const { host, pid } = contentSchema.parse(JSON.parse(text));
      return host === hostname() && !isAlive(pid);
    } catch {
      return false;
    }
  }

  /** Moved, then looked at: of two that find the same leftover only one moves it, and a fresh lock is never deleted. */
  async function moveAside(stale: string): Promise<void> {
    const aside = `${file}.${randomUUID()}`;
    try {
      await rename(file, aside);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return;
      throw error;
    }
    const moved = await readFile(aside, 'utf8');
    if (moved !== stale) await writeFile(file, moved, { flag: 'wx', mode: 0o600 }).catch(() => undefined);
    await rm(aside, { force: true });
  }

  function hold(content: Content): Release {
    let isHeld = true;
    let writing: Promise<void> = Promise.resolve();
    let stopBeat: () => void = () => undefined;
    const beat = (): void => {
      stopBeat = clock.after(heartbeatMs, () => {
        content.beat++;
        writing = writing.then(async () => {
          // Only while it is ours: somebody may have taken us for dead.
          if (!isHeld || (await read())?.includes(content.id) !== true) return;
          await writeFile(file, JSON.stringify(content), { flag: 'r+' });
        }).catch(() => undefined);
        beat();
      });
    };
    beat();
    return async () => {
      if (!isHeld) return;
      isHeld = false;
      stopBeat();
      await writing;
      // What cannot be removed is taken away by the next one, who sees no life in it.
      if ((await read().catch(() => null))?.includes(content.id) === true) await rm(file, { force: true }).catch(() => undefined);
    };
  }

  return {
    async acquire(waitMs) {
      await mkdir(path.dirname(file), { recursive: true });
      const content: Content = { pid: process.pid, host: hostname(), id: randomUUID(), beat: 0 };
      let [seen, times]: [string | null, number] = [null, 0];
      for (let polls = 0; ; polls++) {
        if (await make(content)) return hold(content);
        const text = await read();
        if (text === null) continue;
        [seen, times] = [text, text === seen ? times + 1 : 0];
        if (isOfTheDead(text) || times >= stalePolls) {
          await moveAside(text);
          continue;
        }
        if (polls * pollMs >= waitMs) return null;
        await pause();
      }
    },
  };
}
