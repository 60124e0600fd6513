import { follows, types } from './catalogue.ts';
import { checkLines } from './document-input.ts';
import { HttpError } from './errors.ts';
import { totalFields } from './money.ts';

/** Fields that a follow-up takes over when its predecessor has them. */
const inherited = ['customerId', 'supplierId', 'contactPerson', 'deliveryAddress', 'deliveryDate', 'paymentTerms', 'carrier'];

/** The field that names the predecessor, by predecessor and successor type. */
const references: Readonly<Record<string, string>> = {
  'sales_offer>sales_order': 'salesOfferId',
  'sales_order>sales_delivery': 'sourceOrder',
  'sales_order>sales_invoice': 'sourceOrder',
  'sales_delivery>sales_invoice': 'sourceDelivery',
  'sales_invoice>payment_received': 'salesInvoiceId',
  'purchase_offer>purchase_order': 'purchaseOfferId',
};

/**
 * The flat draft of the next document; nothing is stored and it has no number yet.
 * @throws HttpError 400 `{ok:false, error}` when this type does not follow the other.
 */
export function followUp(fromType: string, toType: string, payload: Record<string, unknown>): Record<string, unknown> {
  if (!follows[fromType]?.includes(toType)) throw new HttpError(400, { ok: false, error: `No follow-up from ${fromType} to ${toType}` });
  const draft: Record<string, unknown> = { status: types[toType]?.statuses[0] };
  for (const name of inherited) if (payload[name] !== undefined && payload[name] !== null) draft[name] = payload[name];
  const reference = references[`${fromType}>${toType}`];
  if (reference !== undefined) draft[reference] = payload['number'];
  if (fromType === 'sales_delivery' && payload['sourceOrder'] !== undefined) draft['sourceOrder'] = payload['sourceOrder'];
  if (toType === 'payment_received') return { ...draft, amount: payload['totalGross'] ?? 0, paymentMethod: 'transfer' };
  const lines = checkLines(payload['lines'] ?? []);
  return { ...draft, lines, ...(types[toType]?.totals ? totalFields(lines) : {}) };
}
