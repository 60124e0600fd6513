import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright';
import { cellOf, contentOf } from '../../shared/domain/draft-document.ts';
import type { Draft, DraftContent } from '../../shared/domain/draft.ts';
import type { DocumentRecord } from '../../shared/domain/document.ts';
import type { ListRow } from '../../shared/domain/document-list.ts';
import { exact } from '../../shared/domain/money.ts';
import type { OutboxState, SendOutcome } from '../../shared/domain/outbox.ts';
import { Failure } from './say.ts';

/** @throws Failure with the code when the app refuses */
async function ask<T>(page: Page, name: string, input?: unknown): Promise<T> {
  const answer = await page.evaluate(([n, i]) => (globalThis as unknown as { valeo: { call(name: unknown, input: unknown): Promise<unknown> } }).valeo.call(n, i), [name, input] as const) as { ok: true; value: T } | { ok: false; error: { code: string } };
  if (!answer.ok) throw new Failure(`${name} was refused: ${answer.error.code}`);
  return answer.value;
}

const rows = async (page: Page, query: object): Promise<ListRow[]> => (await ask<{ rows: ListRow[] }>(page, 'documents.list', { sort: { by: 'number', direction: 'asc' }, offset: 0, limit: 50, ...query })).rows;

/**
 * Leaves a conflict and a noted decision in the outbox, by the calls that the screens use. The conflict is the person's
 * own: a change is set aside, another one is sent, and the first comes back.
 */
export async function fillOutbox(page: Page): Promise<void> {
  const state = await ask<OutboxState>(page, 'outbox.state');
  if (state.conflicts > 0 && state.decisions > 0) return;
  const pending = (await rows(page, { types: ['sales_order', 'sales_invoice', 'sales_offer'], workflow: ['pending'] }))[0];
  if (pending !== undefined) await ask(page, 'decisions.add', { type: pending.type, number: pending.number, action: 'approve', reason: null });
  const row = (await rows(page, { types: ['sales_offer'] }))[0];
  if (row === undefined) throw new Failure('There is no offer to copy.');
  const { document: original } = await ask<DocumentRecord>(page, 'documents.refresh', { type: row.type, number: row.number });
  const write = async (content: DraftContent, base: DocumentRecord | null): Promise<string> => (await ask<Draft>(page, 'drafts.create', { id: randomUUID(), content, base })).id;
  const send = (id: string): Promise<SendOutcome> => ask<SendOutcome>(page, 'drafts.send', { id, submit: false });
  const copy = await send(await write({ ...contentOf(original), number: '', numberProvisional: true, status: 'ENTWURF' }, null));
  if (copy.status !== 'stored') throw new Failure('A copy of an offer was not stored.');
  const { record } = copy;
  const content = contentOf(record.document);
  const changed = (qty: string, notes: string): DraftContent =>
    ({ ...content, fields: { ...content.fields, notes }, lines: content.lines.map((line, index) => (index === 0 ? { ...line, qty: cellOf(exact(qty)) } : line)) });
  const mine = await write({ ...changed('12', 'Bitte vor 8 Uhr anliefern'), date: '2026-12-01' }, record);
  await ask(page, 'drafts.discard', { id: mine });
  await send(await write({ ...changed('15', 'Nur nach Anruf anliefern'), fields: { ...content.fields, notes: 'Nur nach Anruf anliefern', contactPerson: 'Frau Janssen' } }, record));
  await ask(page, 'drafts.restore', { id: mine });
  await send(mine);
}
