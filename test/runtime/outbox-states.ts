import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright';
import { contentOf } from '../../shared/domain/draft-document.ts';
import type { Draft, DraftContent } from '../../shared/domain/draft.ts';
import type { DocumentRecord } from '../../shared/domain/document.ts';
import type { ListRow } from '../../shared/domain/document-list.ts';
import type { OutboxState } from '../../shared/domain/outbox.ts';
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
  for (const row of (await rows(page, { types: ['sales_offer'], statuses: ['ENTWURF'] })).filter(({ workflow }) => workflow === null || workflow === 'draft').slice(0, 5)) {
    const record = await ask<DocumentRecord>(page, 'documents.refresh', { type: row.type, number: row.number });
    if (record.document.lines.length < 2) continue;
    const content = contentOf(record.document);
    const write = (change: (content: DraftContent) => DraftContent): Promise<Draft> => ask<Draft>(page, 'drafts.create', { id: randomUUID(), content: change(content), base: { type: row.type, number: row.number } });
    const withFirst = (qty: string) => ({ ...content, fields: { ...content.fields, notes: `Menge auf ${qty} geändert`, deliveryDate: qty === '12' ? '2026-12-01' : (content.fields['deliveryDate'] ?? null) },
      lines: content.lines.map((line, index) => (index === 0 ? { ...line, qty: { text: null, value: qty as NonNullable<typeof line.qty.value> } } : line)) });
    const mine = await write(() => withFirst('12'));
    await ask(page, 'drafts.discard', { id: mine.id });
    const other = await write(() => withFirst('15'));
    await ask(page, 'drafts.send', { id: other.id, submit: false });
    await ask(page, 'drafts.restore', { id: mine.id });
    await ask(page, 'drafts.send', { id: mine.id, submit: false });
    return;
  }
  throw new Failure('There is no offer that could be changed twice.');
}
