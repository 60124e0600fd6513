import Big from 'big.js';
import { normaliseStatus } from '../../../../shared/domain/document-types.ts';
import { documentSchema, type BusinessDocument, type DocumentRecord, type WorkflowInfo } from '../../../../shared/domain/document.ts';
import type { ListRow } from '../../../../shared/domain/document-list.ts';
import type { Decimal } from '../../../../shared/domain/money.ts';
import { indexWords, sortKey } from '../../text.ts';
import { dateFromCode, dateToCode, typeCodes, typeFromCode, workflowCodes, workflowFromCode } from '../codes.ts';

/** One row of `documents`, as SQLite gives it. */
export type DocumentRow = {
  id: number; type: number; number: string; date: number | null; partner_id: string | null; partner_name: string | null; partner_key: string;
  net: string; gross: string; net_cents: number; gross_cents: number; status: string; status_key: string;
  workflow: number | null; workflow_version: string | null; submitted_by: string | null; submitted_at: number | null;
  etag: string | null; changed_at: number | null; fetched_at: number;
};

/**
 * The body as it is stored: one spelling per content, whatever order the server names its fields in, so that equal text
 * means equal document.
 */
export function bodyOf(document: BusinessDocument): string {
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(document.fields).toSorted()) fields[name] = document.fields[name];
  return JSON.stringify({
    type: document.type, number: document.number, date: document.date, partnerId: document.partnerId, partnerName: document.partnerName,
    status: document.status,
    lines: document.lines.map(({ article, qty, price, vatRate, cost }) => ({ article, qty, price, vatRate, cost })),
    totals: { net: document.totals.net, tax: document.totals.tax, gross: document.totals.gross }, fields,
  });
}

/** The stored columns of a record that follow from its document alone. */
export function columnsOf(document: BusinessDocument): Omit<
  DocumentRow, 'id' | 'workflow' | 'workflow_version' | 'submitted_by' | 'submitted_at' | 'etag' | 'changed_at' | 'fetched_at'
> {
  return {
    type: typeCodes[document.type], number: document.number, date: dateToCode(document.date),
    partner_id: document.partnerId, partner_name: document.partnerName, partner_key: sortKey(document.partnerName ?? ''),
    net: document.totals.net, gross: document.totals.gross,
    net_cents: sortCents(document.totals.net), gross_cents: sortCents(document.totals.gross),
    status: document.status, status_key: normaliseStatus(document.status),
  };
}

export function workflowColumns(workflow: WorkflowInfo | null): Pick<DocumentRow, 'workflow' | 'workflow_version' | 'submitted_by' | 'submitted_at'> {
  return {
    workflow: workflow === null ? null : workflowCodes[workflow.state], workflow_version: workflow?.version ?? null,
    submitted_by: workflow?.submittedBy ?? null, submitted_at: millis(workflow?.submittedAt ?? null),
  };
}

/** Epoch milliseconds as an integer; servers that send float seconds leave fractions. */
export const millis = (time: number | null): number | null => (time === null ? null : Math.round(time));

/**
 * Cents for sorting only; the exact amount is kept as text beside it. An amount beyond what an integer column compares
 * exactly sorts to the end instead of failing the whole batch.
 */
function sortCents(amount: Decimal): number {
  const cents = Number(new Big(amount).times(100).round(0, Big.roundHalfUp).toFixed());
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, cents));
}

/** Words under which a document is found: number, partner, articles and every text of its header. */
export function wordsOf(document: BusinessDocument): string[] {
  const texts: (string | null)[] = [document.number, document.partnerId, document.partnerName];
  for (const line of document.lines) texts.push(line.article);
  for (const value of Object.values(document.fields)) if (typeof value === 'string') texts.push(value);
  return indexWords(texts);
}

export function workflowOf(row: DocumentRow): WorkflowInfo | null {
  const state = workflowFromCode(row.workflow);
  if (state === null) return null;
  return { state, version: row.workflow_version, submittedBy: row.submitted_by, submittedAt: row.submitted_at };
}

/**
 * The record of a row. A body that no longer parses (pages are authenticated, so that is an older version's idea of a
 * document, not damage) counts as never read: it will be fetched again.
 */
export function recordOf(row: DocumentRow & { body: string }): DocumentRecord | null {
  const document = documentSchema.safeParse(parseJson(row.body));
  if (!document.success) return null;
  return { document: document.data, workflow: workflowOf(row), etag: row.etag, changedAt: row.changed_at, fetchedAt: row.fetched_at };
}

export function listRowOf(row: DocumentRow): ListRow {
  return {
    type: typeFromCode(row.type), number: row.number, date: dateFromCode(row.date), partnerName: row.partner_name,
    net: row.net as Decimal, gross: row.gross as Decimal, status: row.status, workflow: workflowFromCode(row.workflow),
    submittedBy: row.submitted_by, submittedAt: row.submitted_at, changedAt: row.changed_at, fetchedAt: row.fetched_at,
  };
}

/** Stored JSON; damaged text becomes undefined, which no schema accepts. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

