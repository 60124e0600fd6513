import { documentTypeInfo, type DocumentType } from './document-types.ts';
import type { FormField, FormSpec } from './form-spec.ts';

/**
 * Form specs of our own, for servers that have none for a type (shipped: three of nine) and for the time before the
 * server was reached. Field names are those of the wire, ERP-API section 3; labels are German as the server's are, and
 * the renderer has its own words for the names it knows.
 */
const field = (name: string, label: string, type: FormField['type'], more: Partial<FormField> = {}): FormField => ({ name, label, type, required: false, ...more });
const options = (entries: Readonly<Record<string, string>>): Partial<FormField> => ({ options: Object.entries(entries).map(([value, label]) => ({ value, label })) });
const required = { required: true };

const priority = field('priority', 'Priorität', 'select', options({ HOCH: 'Hoch', NORMAL: 'Normal', NIEDRIG: 'Niedrig' }));
const paymentTerms = field('paymentTerms', 'Zahlungsbedingung', 'select', options({ net30: '30 Tage netto', net14: '14 Tage netto', net7: '7 Tage netto', cash: 'Bar', prepay: 'Vorkasse' }));
const carrier = field('carrier', 'Spediteur', 'select', options({ dhl: 'DHL', ups: 'UPS', dpd: 'DPD', self: 'Selbstabholung' }));
const deliveryDate = field('deliveryDate', 'Lieferdatum', 'date');
const deliveryAddress = field('deliveryAddress', 'Lieferadresse', 'textarea');

const inquiryFields = (kind: 'inquiryType' | 'requestType'): FormField[] => [
  field(kind, 'Anfrageart', 'text'), priority, field('deadline', 'Frist', 'date'), field('description', 'Beschreibung', 'textarea'), field('requirements', 'Anforderungen', 'textarea'),
];
const offerFields: FormField[] = [field('validUntil', 'Gültig bis', 'date'), deliveryDate, paymentTerms, deliveryAddress];

const ownFields: Readonly<Record<DocumentType, FormField[]>> = {
  customer_inquiry: inquiryFields('inquiryType'),
  sales_offer: offerFields,
  sales_order: [field('salesOfferId', 'Angebot', 'text'), deliveryDate, deliveryAddress],
  sales_delivery: [field('sourceOrder', 'Auftrag', 'text'), carrier, { ...deliveryAddress, ...required }],
  sales_invoice: [field('sourceOrder', 'Auftrag', 'text'), field('sourceDelivery', 'Lieferschein', 'text'), field('dueDate', 'Fälligkeit', 'date', required)],
  payment_received: [
    field('salesInvoiceId', 'Rechnung', 'text'), field('amount', 'Betrag', 'number', required), field('paymentMethod', 'Zahlungsart', 'text'), field('bankReference', 'Bankreferenz', 'text'),
  ],
  purchase_request: inquiryFields('requestType'),
  purchase_offer: offerFields,
  purchase_order: [field('purchaseOfferId', 'Einkaufsangebot', 'text'), deliveryDate, deliveryAddress],
};

const titles: Readonly<Record<DocumentType, string>> = {
  customer_inquiry: 'Kundenanfrage', sales_offer: 'Angebot', sales_order: 'Auftrag', sales_delivery: 'Lieferschein', sales_invoice: 'Rechnung',
  payment_received: 'Zahlungseingang', purchase_request: 'Einkaufsanfrage', purchase_offer: 'Einkaufsangebot', purchase_order: 'Bestellung',
};

/** The form of a type as this client knows it: what every document has, then what only this type has, then the notes. */
export function fallbackFormSpec(type: DocumentType): FormSpec {
  const { partner, hasLines } = documentTypeInfo[type];
  const partnerField = partner === 'customer'
    ? field('customerId', 'Kunde', 'lookup', { ...required, lookup: 'customers' })
    : field('supplierId', 'Lieferant', 'lookup', { ...required, lookup: 'suppliers' });
  return {
    id: type,
    title: titles[type],
    fields: [
      field('number', 'Nummer', 'text', required), field('date', 'Datum', 'date', required), partnerField,
      field('status', 'Status', 'select', options(Object.fromEntries(Object.keys(documentTypeInfo[type].statuses).map((status) => [status, status])))),
      field('contactPerson', 'Ansprechpartner', 'text'), ...ownFields[type], field('notes', 'Notizen', 'textarea'),
    ],
    lines: hasLines,
  };
}

/** Fields that a form cannot do without, whatever a server's spec says: numbers, day, partner, and what storing needs. */
const indispensable = ({ name, required: isRequired }: FormField): boolean => isRequired || name === 'status';

/**
 * A server's form with what it lacks from ours: fields that a document cannot be stored without, the choices of a
 * selection, and whether it has lines. Some servers describe three types only, and those in part (ERP-API section 3).
 */
export function completeFormSpec(type: DocumentType, spec: FormSpec): FormSpec {
  const own = fallbackFormSpec(type);
  const ours = new Map(own.fields.map((one) => [one.name, one]));
  const known = spec.fields.map((one): FormField => {
    const mine = ours.get(one.name);
    const choices = one.options ?? mine?.options;
    const lookup = one.lookup ?? mine?.lookup;
    // What the server calls a text, or by a name nobody knows, may still be a day or an amount.
    const kind = one.type === 'text' ? (mine?.type ?? 'text') : one.type === 'select' && choices === undefined ? 'text' : one.type;
    return { ...one, type: kind, required: one.required || mine?.required === true, ...(choices !== undefined && { options: choices }), ...(lookup !== undefined && { lookup }) };
  });
  const names = new Set(spec.fields.map(({ name }) => name));
  const missing = own.fields.filter((one) => indispensable(one) && !names.has(one.name));
  const first = missing.filter(({ name }) => ['number', 'date', 'customerId', 'supplierId'].includes(name));
  return { ...spec, fields: [...first, ...known, ...missing.filter((one) => !first.includes(one))], lines: own.lines };
}
