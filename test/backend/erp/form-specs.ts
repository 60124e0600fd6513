import { types } from './catalogue.ts';

export type Field = { name: string; label: string; type: string; required: boolean; lookup?: string; options?: { value: string; label: string }[] };
export type FormSpec = { id: string; title: string; fields: Field[]; lines: boolean };

const field = (name: string, label: string, type = 'text', required = false): Field => ({ name, label, type, required });
const select = (name: string, label: string, options: Record<string, string>): Field =>
  ({ name, label, type: 'select', required: false, options: Object.entries(options).map(([value, text]) => ({ value, label: text })) });

const customer: Field = { ...field('customerId', 'Kunde', 'lookup', true), lookup: 'customers' };
const supplier: Field = { ...field('supplierId', 'Lieferant', 'lookup', true), lookup: 'suppliers' };
const priority = select('priority', 'Priorität', { HOCH: 'Hoch', NORMAL: 'Normal', NIEDRIG: 'Niedrig' });
const paymentTerms = select('paymentTerms', 'Zahlungsbedingungen', { net30: '30 Tage netto', net14: '14 Tage netto', net7: '7 Tage netto', cash: 'Bar', prepay: 'Vorkasse' });
const carrier = select('carrier', 'Spediteur', { dhl: 'DHL', ups: 'UPS', dpd: 'DPD', self: 'Selbstabholung' });
const deliveryDate = field('deliveryDate', 'Liefertermin', 'date');
const deliveryAddress = field('deliveryAddress', 'Lieferadresse', 'textarea');
const inquiry = [priority, field('description', 'Beschreibung', 'textarea'), field('requirements', 'Anforderungen', 'textarea'), field('deadline', 'Frist', 'date')];
const offer = [field('validUntil', 'Gültig bis', 'date'), deliveryDate, deliveryAddress, paymentTerms];

/** What each type has besides number, date, status, contact person and notes. */
const own: Readonly<Record<string, Field[]>> = {
  customer_inquiry: [customer, select('inquiryType', 'Art der Anfrage', { PREIS: 'Preisanfrage', LIEFERUNG: 'Lieferanfrage', BERATUNG: 'Beratung' }), ...inquiry],
  sales_offer: [customer, ...offer],
  sales_order: [customer, field('salesOfferId', 'Angebot'), deliveryDate, deliveryAddress, paymentTerms],
  sales_delivery: [customer, field('sourceOrder', 'Auftrag'), carrier, { ...deliveryAddress, required: true }, deliveryDate],
  sales_invoice: [customer, field('sourceOrder', 'Auftrag'), field('sourceDelivery', 'Lieferschein'), field('dueDate', 'Fällig am', 'date', true), paymentTerms],
  payment_received: [customer, field('salesInvoiceId', 'Rechnung'), field('amount', 'Betrag', 'number', true), select('paymentMethod', 'Zahlungsart', { transfer: 'Überweisung', debit: 'Lastschrift', cash: 'Bar' }), field('bankReference', 'Verwendungszweck')],
  purchase_request: [supplier, select('requestType', 'Art der Anfrage', { PREIS: 'Preisanfrage', BEDARF: 'Bedarfsmeldung' }), ...inquiry],
  purchase_offer: [supplier, ...offer],
  purchase_order: [supplier, field('purchaseOfferId', 'Einkaufsangebot'), deliveryDate, deliveryAddress, paymentTerms],
};

/** The form of a document type, or undefined for a type that does not exist. */
export function formSpec(type: string): FormSpec | undefined {
  const info = types[type];
  const fields = own[type];
  if (!info || !fields) return undefined;
  const status = select('status', 'Status', Object.fromEntries(info.statuses.map((value) => [value, value])));
  return {
    id: type, title: info.title, lines: type !== 'payment_received',
    fields: [field('number', 'Nummer', 'text', true), field('date', 'Datum', 'date', true), ...fields, status, field('contactPerson', 'Ansprechpartner'), field('notes', 'Bemerkungen', 'textarea')],
  };
}
