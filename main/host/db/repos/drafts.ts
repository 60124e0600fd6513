import { filledLines, draftTotals } from '../../../../shared/domain/draft-document.ts';
import {
  draftContentSchema, draftStateSchema, type DiscardedDraft, type Draft, type DraftContent, type DraftState, type DraftSummary, type DraftVersion,
} from '../../../../shared/domain/draft.ts';
import { documentRecordSchema, documentSchema, type BusinessDocument, type DocumentKey, type DocumentRecord } from '../../../../shared/domain/document.ts';
import { exact } from '../../../../shared/domain/money.ts';
import { failure } from '../../../../shared/ipc/errors.ts';
import { typeCodes } from '../codes.ts';
import type { Reader, Writer } from '../connection.ts';
import { parseJson } from './document-rows.ts';

type DraftRow = {
  id: string; state: string; content: string; base: string | null; earlier: string | null; version: number; created_at: number; saved_at: number; discarded_at: number | null;
};

/** Epoch milliseconds for which a discarded draft can be brought back: 30 days. */
export const discardedFor = 30 * 86_400_000;
/** Discarded drafts that a list shows at most. */
const discardedShown = 100;
/** Versions kept of one draft; of those within one minute only the last, because autosave makes one with every pause. */
const versionLimit = 100;
const versionEvery = 60_000;

const columns = 'id, state, content, base, earlier, version, created_at, saved_at, discarded_at';

/** @throws AppFailure draft.missing; a row that no longer parses is an older version's idea of a draft, and as good as gone. */
function draftOf(row: DraftRow | undefined): Draft {
  if (row === undefined) throw failure('draft.missing');
  const content = draftContentSchema.safeParse(parseJson(row.content));
  if (!content.success) throw failure('draft.missing');
  return {
    id: row.id, state: draftStateSchema.parse(row.state), content: content.data, base: row.base === null ? null : documentRecordSchema.parse(parseJson(row.base)),
    version: row.version, createdAt: row.created_at, savedAt: row.saved_at,
  };
}

const rowOf = (reader: Reader, id: string): DraftRow | undefined => reader.one<DraftRow>(`SELECT ${columns} FROM drafts WHERE id = ?`, id);
const liveRow = (reader: Reader, id: string): DraftRow | undefined => {
  const row = rowOf(reader, id);
  return row?.discarded_at === null ? row : undefined;
};

/** Null when there is none, or it was discarded. */
export function getDraft(reader: Reader, id: string): Draft | null {
  const row = liveRow(reader, id);
  return row === undefined ? null : draftOf(row);
}

/** The draft of changes to a stored document; null when there is none. */
export function draftOfDocument(reader: Reader, key: DocumentKey): Draft | null {
  const row = reader.one<DraftRow>(`SELECT ${columns} FROM drafts WHERE base_number = ? AND base_type = ? AND discarded_at IS NULL ORDER BY seq DESC LIMIT 1`, key.number, typeCodes[key.type]);
  return row === undefined ? null : draftOf(row);
}

/** A row as lists show it; none when it cannot be read any more. */
function summariesOf(row: DraftRow): DraftSummary[] {
  const content = draftContentSchema.safeParse(parseJson(row.content));
  if (!content.success) return [];
  const { type, number, numberProvisional, partnerName } = content.data;
  return [{
    id: row.id, state: draftStateSchema.parse(row.state), type, number, numberProvisional, isNew: row.base === null, partnerName,
    lineCount: filledLines(content.data).length, gross: draftTotals(content.data).gross, createdAt: row.created_at, savedAt: row.saved_at,
  }];
}

/** Newest change first. What cannot be read any more is left out. */
export const listDrafts = (reader: Reader): DraftSummary[] =>
  reader.all<DraftRow>(`SELECT ${columns} FROM drafts WHERE discarded_at IS NULL ORDER BY saved_at DESC, seq DESC`).flatMap(summariesOf);

/** What was thrown away and can still be brought back at this moment, the last one first. */
export const listDiscarded = (reader: Reader, now: number): DiscardedDraft[] =>
  reader.all<DraftRow & { discarded_at: number }>(`SELECT ${columns} FROM drafts WHERE discarded_at >= ? ORDER BY discarded_at DESC, seq DESC LIMIT ${discardedShown}`, Math.round(now) - discardedFor)
    .flatMap((row) => summariesOf(row).map((summary) => ({ ...summary, discardedAt: row.discarded_at })));

/** Stores a draft with its first version. Call it inside a transaction. */
export function insertDraft(writer: Writer, draft: Draft): void {
  writer.run(
    'INSERT INTO drafts (id, state, content, base, base_type, base_number, version, created_at, saved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    draft.id, draft.state, JSON.stringify(draft.content), draft.base === null ? null : JSON.stringify(draft.base),
    draft.base === null ? null : typeCodes[draft.base.document.type], draft.base?.document.number ?? null, draft.version, Math.round(draft.createdAt), Math.round(draft.savedAt),
  );
  keepVersion(writer, draft.id, draft.version, draft.content, draft.savedAt);
}

/**
 * Begins a draft; a repeated call answers the one that is there. A document has one draft of changes: a second one would
 * only be a conflict of a person with themselves, so the first is answered instead.
 */
export function createDraft(writer: Writer, { id, content, base, now }: { id: string; content: DraftContent; base: DocumentRecord | null; now: number }): Draft {
  const known = getDraft(writer, id) ?? (base === null ? null : draftOfDocument(writer, base.document));
  if (known !== null) return known;
  // The id of a discarded draft: it comes back with the new content.
  if (rowOf(writer, id) !== undefined) removeDraft(writer, id);
  const draft: Draft = { id, state: 'open', content, base, version: 1, createdAt: now, savedAt: now };
  insertDraft(writer, draft);
  removeOldDiscarded(writer, now);
  return draft;
}

/**
 * One autosave. The same content again changes nothing but says when.
 * @throws AppFailure draft.missing, draft.changedElsewhere for an older version, draft.locked while a command carries it.
 */
export function saveDraft(writer: Writer, { id, version, content, now }: { id: string; version: number; content: DraftContent; now: number }): { version: number; savedAt: number } {
  const row = liveRow(writer, id);
  if (row === undefined) throw failure('draft.missing');
  if (row.state !== 'open') throw failure('draft.locked');
  const text = JSON.stringify(content);
  // An answer that was lost on the way to the window: the change is stored already.
  if (row.content === text) return { version: row.version, savedAt: row.saved_at };
  if (row.version !== version) throw failure('draft.changedElsewhere');
  writer.run('UPDATE drafts SET content = ?, version = ?, saved_at = ? WHERE id = ?', text, version + 1, Math.round(now), id);
  keepVersion(writer, id, version + 1, content, now);
  return { version: version + 1, savedAt: Math.round(now) };
}

function keepVersion(writer: Writer, id: string, version: number, content: DraftContent, now: number): void {
  // The first version always stays: it is what the work began from.
  writer.run('DELETE FROM draft_versions WHERE draft = ? AND version = ? AND version > 1 AND saved_at >= ?', id, version - 1, Math.floor(now / versionEvery) * versionEvery);
  writer.run(
    'INSERT OR REPLACE INTO draft_versions (draft, version, saved_at, content, line_count, gross) VALUES (?, ?, ?, ?, ?, ?)',
    id, version, Math.round(now), JSON.stringify(content), filledLines(content).length, draftTotals(content).gross,
  );
  writer.run('DELETE FROM draft_versions WHERE draft = ? AND version > 1 AND version NOT IN (SELECT version FROM draft_versions WHERE draft = ? ORDER BY version DESC LIMIT ?)', id, id, versionLimit);
}

/** Newest first. */
export const listVersions = (reader: Reader, id: string): DraftVersion[] =>
  reader.all<{ version: number; saved_at: number; line_count: number; gross: string }>('SELECT version, saved_at, line_count, gross FROM draft_versions WHERE draft = ? ORDER BY version DESC', id)
    .map(({ version, saved_at: savedAt, line_count: lineCount, gross }) => ({ version, savedAt, lineCount, gross: exact(gross) }));

/** Null when that version is not kept. */
export function getVersion(reader: Reader, id: string, version: number): DraftContent | null {
  const text = reader.value<string>('SELECT content FROM draft_versions WHERE draft = ? AND version = ?', id, version);
  const content = text === undefined ? null : draftContentSchema.safeParse(parseJson(text));
  return content?.success === true ? content.data : null;
}

/** @throws AppFailure draft.locked while a command carries it; nothing happens to one that is gone already. */
export function discardDraft(writer: Writer, id: string, now: number): void {
  const row = liveRow(writer, id);
  if (row === undefined) return;
  if (row.state !== 'open') throw failure('draft.locked');
  markDiscarded(writer, id, now);
}

/** @throws AppFailure draft.missing when it was not discarded, or too long ago; draft.exists when its document has another draft by now. */
export function restoreDraft(writer: Writer, id: string): Draft {
  const other = writer.value<string>(`SELECT o.id FROM drafts d JOIN drafts o ON o.base_number = d.base_number AND o.base_type = d.base_type
    WHERE d.id = ? AND d.discarded_at IS NOT NULL AND o.discarded_at IS NULL`, id);
  if (other !== undefined) throw failure('draft.exists');
  if (writer.run('UPDATE drafts SET discarded_at = NULL WHERE id = ? AND discarded_at IS NOT NULL', id) === 0) {
    // Brought back twice: the second call finds it open.
    return draftOf(liveRow(writer, id));
  }
  return draftOf(rowOf(writer, id));
}

/** Discards it in whatever state it is: for whoever ends its command in the same transaction. */
export function markDiscarded(writer: Writer, id: string, now: number): void {
  writer.run("UPDATE drafts SET discarded_at = ?, state = 'open' WHERE id = ?", Math.round(now), id);
  removeOldDiscarded(writer, now);
}

export function removeDraft(writer: Writer, id: string): void {
  writer.run('DELETE FROM draft_versions WHERE draft = ?', id);
  writer.run('DELETE FROM drafts WHERE id = ?', id);
}

function removeOldDiscarded(writer: Writer, now: number): void {
  for (const id of writer.values<string>('SELECT id FROM drafts WHERE discarded_at < ?', Math.round(now) - discardedFor)) removeDraft(writer, id);
}

export type DraftChange = {
  id: string; state?: DraftState | undefined; number?: { number: string; provisional: boolean } | undefined; base?: DocumentRecord | undefined; earlier?: BusinessDocument | null | undefined;
  content?: { content: DraftContent; at: number } | undefined;
};

/** What a command does to its draft. A draft that is gone is left alone: the command matters more. */
export function changeDraft(writer: Writer, { id, state, number, base, earlier, content: typed }: DraftChange): void {
  if (state !== undefined) writer.run('UPDATE drafts SET state = ? WHERE id = ?', state, id);
  if (earlier !== undefined) writer.run('UPDATE drafts SET earlier = ? WHERE id = ?', earlier === null ? null : JSON.stringify(earlier), id);
  if (base !== undefined) {
    writer.run('UPDATE drafts SET base = ?, base_type = ?, base_number = ? WHERE id = ?', JSON.stringify(base), typeCodes[base.document.type], base.document.number, id);
  }
  const row = rowOf(writer, id);
  if (row === undefined) return;
  if (typed !== undefined) {
    writer.run('UPDATE drafts SET content = ?, version = ?, saved_at = ? WHERE id = ?', JSON.stringify(typed.content), row.version + 1, Math.round(typed.at), id);
    keepVersion(writer, id, row.version + 1, typed.content, typed.at);
  }
  if (number === undefined) return;
  const { content } = draftOf(row);
  writer.run('UPDATE drafts SET content = ? WHERE id = ?', JSON.stringify({ ...content, number: number.number, numberProvisional: number.provisional } satisfies DraftContent), id);
}

/** What the draft's command, taken back since, may have left on the server. */
export function earlierOf(reader: Reader, id: string): BusinessDocument | null {
  const text = rowOf(reader, id)?.earlier ?? null;
  return text === null ? null : documentSchema.parse(parseJson(text));
}

/**
 * After a rescue: drafts whose row was lost are made again from their newest version, and a draft is what its command says:
 * carried by it, with what it began from, or open again when the command was lost. A lost draft without a command counts
 * as new; whether its number is taken shows when it is sent.
 */
export function repairDrafts(writer: Writer): void {
  const lost = writer.values<string>('SELECT DISTINCT draft FROM draft_versions WHERE draft NOT IN (SELECT id FROM drafts)');
  writer.run(`INSERT INTO drafts (id, state, content, version, created_at, saved_at)
    SELECT draft, 'open', content, version, saved_at, saved_at FROM draft_versions v
    WHERE draft NOT IN (SELECT id FROM drafts) AND version = (SELECT max(version) FROM draft_versions WHERE draft = v.draft)`);
  writer.run("UPDATE drafts SET state = 'open'");
  const commands = writer.all<{ draft: string; state: string; base: string | null }>(`SELECT json_extract(entry, '$.draftId') AS draft, json_extract(entry, '$.state') AS state,
    json_extract(body, '$.base') AS base FROM outbox WHERE json_extract(entry, '$.draftId') IS NOT NULL`);
  for (const { draft, state, base } of commands) {
    const record = base === null || !lost.includes(draft) ? undefined : documentRecordSchema.safeParse(parseJson(base)).data;
    changeDraft(writer, { id: draft, state: state === 'rejected' || state === 'conflict' ? state : 'queued', base: record });
  }
}
