import type { FilePorts } from '../files/ports.ts';
import { OutputFile } from '../files/output-file.ts';
import { safeFileName } from '../files/file-name.ts';
import type { DataHost } from '../host/client.ts';
import type { CommandEntry } from '../host/outbox.ts';
import { commandOf } from './drafts.ts';

export type OutboxExport = { host: Pick<DataHost, 'outbox' | 'drafts' | 'decisions'>; entries: readonly CommandEntry[]; saveFile: FilePorts['saveFile']; now: number };

/**
 * Writes what is not on the server as JSON where the person wants it: each command with its document, each draft that
 * nobody has sent, each noted decision, so that work is not lost even when this computer is. @returns null when the person cancels @throws AppFailure file.diskFull, file.notWritten
 */
export async function exportOutbox({ host, entries, saveFile, now }: OutboxExport): Promise<{ path: string } | null> {
  const stamp = new Date(now).toISOString();
  const path = await saveFile(safeFileName(`VALEO-Ausgang-${stamp.slice(0, 16).replaceAll(/[T:]/g, '-')}`, '.json'), [{ name: 'JSON', extensions: ['json'] }]);
  if (path === null) return null;
  const file = await OutputFile.create(path);
  try {
    const write = (text: string): Promise<void> => file.write(new TextEncoder().encode(text));
    await write(`{\n"exportedAt": ${JSON.stringify(stamp)},\n"commands": [`);
    let isFirst = true;
    for (const entry of entries) {
      const body = (await host.outbox.get(entry.id))?.body;
      // Done meanwhile: it is on the server.
      if (body === undefined) continue;
      await write(`${isFirst ? '\n' : ',\n'}${JSON.stringify({ ...commandOf(entry), document: body.document, base: body.base })}`);
      isFirst = false;
    }
    await write('\n],\n"drafts": [');
    isFirst = true;
    for (const { id, state } of await host.drafts.list()) {
      const draft = state === 'open' ? await host.drafts.get(id) : null;
      if (draft === null) continue;
      await write(`${isFirst ? '\n' : ',\n'}${JSON.stringify(draft)}`);
      isFirst = false;
    }
    await write(`\n],\n"decisions": ${JSON.stringify(await host.decisions.list())}\n}\n`);
    await file.finish();
  } catch (error) {
    await file.discard();
    throw error;
  }
  return { path };
}
