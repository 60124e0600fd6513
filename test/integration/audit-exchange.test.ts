import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseKey, type NoteKey } from '../../shared/audit/note.ts';
import { verifyEvidence } from '../../shared/audit/verify-evidence.ts';
import { everything, wholeJournal } from '../../shared/domain/audit.ts';
import { startBackend, type Backend } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';
import { verifySignature } from '../fixtures/audit/random-log.ts';
import { scratchDatabase, type Scratch } from '../fixtures/database.ts';
import { codeOf } from './erp-client.ts';
import { alarm, client, visited, type Client } from './audit-client.ts';

let scratch: Scratch;
let backend: Backend;
let one: Client;
beforeEach(async () => {
  scratch = scratchDatabase();
  backend = await startBackend({ documents: 120, audit: 900, rateLimits: false });
  one = await client(backend, scratch);
});
afterEach(async () => {
  await one.close();
  await backend.close();
  scratch.remove();
});

describe('evidence and exchange', () => {
  it('gives a file that proves itself, cosigned by this computer', async () => {
    const { key } = await visited(one);
    // Signing in again adds an entry, so that there is a second checkpoint.
    await one.close();
    one = await client(backend, scratch);
    await visited(one);
    const { text, entries } = await one.audit.evidence({ filter: { ...everything, action: 'approve' } }, ['Freigaben'], '');
    const verdict = verifyEvidence([text], [parseKey(key ?? '') as NoteKey], verifySignature);
    expect(verdict).toMatchObject({ ok: true, entries, checkpoints: 2 });
    expect(text).toContain('— device/');
  });

  it('has none before anything is verified', async () => {
    await expect(one.audit.evidence({ indexes: [0] }, [], '')).rejects.toThrow('audit.nothingVerified');
    await expect(one.audit.exportCheckpoint()).rejects.toThrow('audit.nothingVerified');
  });

  /** A second computer with a cache of its own, on the same server. */
  async function withColleague(work: (two: Client) => Promise<void>): Promise<void> {
    const other = scratchDatabase();
    const two = await client(backend, other);
    try {
      await work(two);
    } finally {
      await two.close();
      other.remove();
    }
  }

  it('carries what colleagues have cosigned into evidence files, which both verifiers follow', async () => {
    await visited(one);
    await withColleague(async (two) => {
      await loginHeadless(backend, 'sales');
      const { size: theirs, key } = await visited(two);
      const { text: handed } = await two.audit.exportCheckpoint();
      await loginHeadless(backend, 'sales');
      expect((await visited(one)).size).toBeGreaterThan(theirs);
      expect(await one.audit.importCheckpoint(handed.replaceAll('\n', '\r\n'), 'Carla.txt')).toMatchObject({ verdict: 'agrees', from: expect.stringMatching(/^device\//) as string, status: { cosigners: [{ source: 'file:Carla.txt', size: theirs }] } });
      const { text } = await one.audit.evidence({ filter: { ...everything, action: 'approve' } }, ['Freigaben'], '');
      const log = parseKey(key ?? '') as NoteKey;
      expect(verifyEvidence([text], [log], verifySignature)).toMatchObject({ ok: true, checkpoints: 3 });
      expect(text).toContain('(file:Carla.txt)');
      const file = path.join(scratch.folder, 'evidence.txt');
      for (const [content, status] of [[text, 0], [text.replace(/(— device\/[^ ]+ .{20})./, (_all, head: string) => `${head}#`), 1]] as const) {
        await writeFile(file, content);
        expect(spawnSync(process.execPath, ['resources/verify-evidence.mjs', '--key', key ?? '', file], { encoding: 'utf8' }).status).toBe(status);
        const python = spawnSync('python3', ['test/fixtures/audit/verify_evidence.py', '--key', key ?? '', file], { encoding: 'utf8' });
        if (python.error === undefined) expect(python.status, python.stderr).toBe(status);
      }
      expect(await codeOf(one.audit.importCheckpoint(handed.replace(/^— device.*$/m, ''), 'x'))).toBe('audit.notACheckpoint');
    });
  });

  it('shows two people who are told different stories', async () => {
    await withColleague(async (two) => {
      await visited(two);
      const { text: honest } = await two.audit.exportCheckpoint();
      // This one has read exactly as much as the colleague, of another log.
      backend.control.tamperAudit({ kind: 'edit', index: 200 });
      await visited(one);
      expect(await one.audit.importCheckpoint((await one.audit.exportCheckpoint()).text, 'ich.txt')).toMatchObject({ verdict: 'agrees', status: { cosigners: [] } });
      const { verdict, status } = await one.audit.importCheckpoint(honest, 'Carla.txt');
      expect(verdict).toBe('splitView');
      expect(alarm(status)).toEqual({ fault: 'splitView', firstBad: 0 });
      const { rows } = await one.audit.journal(wholeJournal, 0, 10);
      expect(rows.map(({ action, detail }) => [action, detail])).toEqual([['audit.compare', 'splitView'], ['audit.alarm', 'splitView'], ['audit.compare', 'agrees']]);
      await expect(one.audit.importCheckpoint('Einkaufsliste', 'x')).rejects.toThrow('audit.notACheckpoint');
    });
  });

  it('remembers what is newer than its own reading, and compares it when it has read as far', async () => {
    await visited(one);
    await withColleague(async (two) => {
      await loginHeadless(backend, 'sales');
      await visited(two);
      const { text } = await two.audit.exportCheckpoint();
      expect(await one.audit.importCheckpoint(text, 'Carla.txt')).toMatchObject({ verdict: 'later', status: { alarms: [] } });
      expect(await visited(one), 'the same story').toMatchObject({ alarms: [] });
      expect(await one.audit.importCheckpoint(text, 'noch einmal.txt')).toMatchObject({ verdict: 'agrees' });

      await loginHeadless(backend, 'sales');
      await visited(two);
      const { text: later } = await two.audit.exportCheckpoint();
      expect(await one.audit.importCheckpoint(later, 'Carla 2.txt')).toMatchObject({ verdict: 'later' });
      // Only an entry that this one has not read yet is another: nothing contradicts its own past.
      const { size } = await one.audit.status();
      backend.control.tamperAudit({ kind: 'edit', index: size });
      expect(alarm(await visited(one))).toMatchObject({ fault: 'splitView' });
    });
  });
});

describe('exchange where the server signs nothing', () => {
  it('compares what two computers have witnessed, and refuses what is about another server', async () => {
    await one.close();
    await backend.close();
    backend = await startBackend({ api: 'shipped', documents: 20, audit: 700, rateLimits: false });
    const another = await startBackend({ api: 'shipped', documents: 20, audit: 650, rateLimits: false });
    const scratches = [scratchDatabase(), scratchDatabase(), scratchDatabase()];
    scratch.remove();
    scratch = scratchDatabase();
    one = await client(backend, scratch);
    const [honest, lied, elsewhere] = [await client(backend, scratches[0] as Scratch), await client(another, scratches[1] as Scratch), await client(another, scratches[2] as Scratch, 'admin', null, 'other.test')];
    try {
      for (const each of [one, honest, lied, elsewhere]) expect(await visited(each)).toMatchObject({ kind: 'witness', alarms: [] });
      const handed = async (by: Client): Promise<string> => (await by.audit.exportCheckpoint()).text;
      expect(await one.audit.importCheckpoint(await handed(honest), 'Carla.txt')).toMatchObject({ verdict: 'agrees', from: expect.stringMatching(/^device\/[0-9a-f]+\/erp\.test$/) as string });
      expect(await codeOf(one.audit.importCheckpoint(await handed(elsewhere), 'Emil.txt'))).toBe('audit.otherLog');
      expect(await one.audit.importCheckpoint(await handed(lied), 'Dieter.txt')).toMatchObject({ verdict: 'splitView' });
      expect(alarm(await one.audit.status())).toMatchObject({ fault: 'splitView' });
    } finally {
      for (const each of [honest, lied, elsewhere]) await each.close();
      for (const each of scratches) each.remove();
      await another.close();
    }
  });

  it('goes on with the same witness when the keychain has lost the key of this computer', async () => {
    await one.close();
    await backend.close();
    backend = await startBackend({ api: 'shipped', documents: 20, audit: 300, rateLimits: false });
    scratch.remove();
    scratch = scratchDatabase();
    one = await client(backend, scratch);
    const { origin } = await visited(one);
    await one.close();
    // A client has a keychain of its own: this one finds nothing in it.
    one = await client(backend, scratch);
    expect(await visited(one)).toMatchObject({ origin, alarms: [], verified: { size: 300 } });
  });
});
