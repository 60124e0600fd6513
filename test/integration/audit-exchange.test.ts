import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseKey, type NoteKey } from '../../shared/audit/note.ts';
import { verifyEvidence } from '../../shared/audit/verify-evidence.ts';
import { everything, wholeJournal } from '../../shared/domain/audit.ts';
import { startBackend, type Backend } from '../backend/index.ts';
import { loginHeadless } from '../backend/login.ts';
import { verifySignature } from '../fixtures/audit/random-log.ts';
import { scratchDatabase, type Scratch } from '../fixtures/database.ts';
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
    const { text, entries } = await one.audit.evidence({ filter: { ...everything, action: 'approve' } }, ['Freigaben']);
    const verdict = verifyEvidence([text], [parseKey(key ?? '') as NoteKey], verifySignature);
    expect(verdict).toMatchObject({ ok: true, entries, checkpoints: 2 });
    expect(text).toContain('— device/');
  });

  it('has none before anything is verified', async () => {
    await expect(one.audit.evidence({ indexes: [0] }, [])).rejects.toThrow('audit.nothingVerified');
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

  it('shows two people who are told different stories', async () => {
    await withColleague(async (two) => {
      await visited(two);
      const { text: honest } = await two.audit.exportCheckpoint();
      // This one has read exactly as much as the colleague, of another log.
      backend.control.tamperAudit({ kind: 'edit', index: 200 });
      await visited(one);
      expect(await one.audit.importCheckpoint((await one.audit.exportCheckpoint()).text, 'ich.txt')).toMatchObject({ verdict: 'agrees' });
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
