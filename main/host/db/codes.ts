import type { DocumentType } from '../../../shared/domain/document-types.ts';
import { documentTypeInfo, type Domain } from '../../../shared/domain/document-types.ts';
import type { WorkflowState } from '../../../shared/domain/workflow.ts';

/** Stored numbers of the document types, in the order of the document flow. FROZEN: files on disk hold them. */
export const typeCodes: Readonly<Record<DocumentType, number>> = {
  customer_inquiry: 1, sales_offer: 2, sales_order: 3, sales_delivery: 4, sales_invoice: 5, payment_received: 6,
  purchase_request: 7, purchase_offer: 8, purchase_order: 9,
};

/** Stored numbers of the workflow states, in the order of the workflow. FROZEN: files on disk hold them. */
export const workflowCodes: Readonly<Record<WorkflowState, number>> = { draft: 1, pending: 2, approved: 3, posted: 4, rejected: 5 };

const typeOf = new Map(Object.entries(typeCodes).map(([type, code]) => [code, type as DocumentType]));
const workflowOf = new Map(Object.entries(workflowCodes).map(([state, code]) => [code, state as WorkflowState]));

/** @throws RangeError for a number that was never stored by this version. */
export function typeFromCode(code: number): DocumentType {
  const type = typeOf.get(code);
  if (type === undefined) throw new RangeError('unknown document type code');
  return type;
}

export const workflowFromCode = (code: number | null): WorkflowState | null => (code === null ? null : (workflowOf.get(code) ?? null));

export const typeCodesOf = (domain: Domain): number[] =>
  Object.entries(typeCodes).filter(([type]) => documentTypeInfo[type as DocumentType].domain === domain).map(([, code]) => code);

/** A date as the integer 20261122, which sorts, compares and stores better than its text. */
export const dateToCode = (date: string | null): number | null => (date === null ? null : Number(date.replaceAll('-', '')));

export function dateFromCode(code: number | null): string | null {
  if (code === null) return null;
  const text = String(code).padStart(8, '0');
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}
