import { describe, expect, it } from 'vitest';
import { documentTypeInfo, documentTypes, isKnownStatus } from './document-types.ts';
import { completeFormSpec, fallbackFormSpec } from './form-specs-fallback.ts';
import { formSpecSchema } from './form-spec.ts';

const names = (type: (typeof documentTypes)[number]): string[] => fallbackFormSpec(type).fields.map((field) => field.name);
const requiredOf = (type: (typeof documentTypes)[number]): string[] => fallbackFormSpec(type).fields.filter((field) => field.required).map((field) => field.name);

describe('fallback form specs', () => {
  it.each(documentTypes)('%s is a valid spec with unique fields and what every document needs', (type) => {
    const spec = fallbackFormSpec(type);
    expect(formSpecSchema.parse(spec)).toEqual(spec);
    expect(new Set(names(type)).size).toBe(spec.fields.length);
    expect(names(type)).toEqual(expect.arrayContaining(['number', 'date', 'status', 'contactPerson', 'notes']));
    expect(spec.lines).toBe(documentTypeInfo[type].hasLines);
  });

  it.each(documentTypes)('%s looks its partner up in the right list', (type) => {
    const partner = fallbackFormSpec(type).fields.find((field) => field.type === 'lookup');
    const customer = documentTypeInfo[type].partner === 'customer';
    expect(partner).toMatchObject({ name: customer ? 'customerId' : 'supplierId', lookup: customer ? 'customers' : 'suppliers', required: true });
  });

  it.each(documentTypes)('%s offers only statuses it knows, and a choice wherever it says so', (type) => {
    for (const field of fallbackFormSpec(type).fields) {
      if (field.type !== 'select') continue;
      expect(field.options?.length).toBeGreaterThan(1);
      if (field.name === 'status') for (const option of field.options ?? []) expect(isKnownStatus(type, option.value)).toBe(true);
    }
  });

  it('requires what the server requires', () => {
    expect(requiredOf('sales_delivery')).toEqual(['number', 'date', 'customerId', 'deliveryAddress']);
    expect(requiredOf('sales_invoice')).toEqual(['number', 'date', 'customerId', 'dueDate']);
    expect(requiredOf('payment_received')).toEqual(['number', 'date', 'customerId', 'amount']);
    expect(requiredOf('sales_offer')).toEqual(['number', 'date', 'customerId']);
  });

  it.each([
    ['sales_offer', ['validUntil', 'deliveryDate', 'paymentTerms', 'deliveryAddress']], ['sales_order', ['salesOfferId', 'deliveryDate', 'deliveryAddress']],
    ['purchase_order', ['purchaseOfferId', 'deliveryDate', 'deliveryAddress']], ['customer_inquiry', ['inquiryType', 'priority', 'deadline', 'description', 'requirements']],
    ['purchase_request', ['requestType', 'priority']], ['payment_received', ['salesInvoiceId', 'amount', 'paymentMethod', 'bankReference']],
  ] as const)('%s has the fields of its own', (type, own) => expect(names(type)).toEqual(expect.arrayContaining([...own])));
});

describe('a server\'s form', () => {
  it.each(documentTypes)('of a %s that is complete stays as it is', (type) => expect(completeFormSpec(type, fallbackFormSpec(type))).toEqual(fallbackFormSpec(type)));

  it('gets what it lacks: what must be sent, the choices, and the kind of a field', () => {
    const spec = completeFormSpec('sales_invoice', formSpecSchema.parse({
      id: 'sales_invoice', title: 'Faktura', lines: false,
      fields: [{ name: 'notes', label: 'Notiz', type: 'textarea' }, { name: 'dueDate', label: 'Fällig', type: 'datum' }, { name: 'status', label: 'Status', type: 'select' }, { name: 'colour', label: 'Farbe', type: 'select' }],
    }));
    expect(spec.fields.map(({ name }) => name)).toEqual(['number', 'date', 'customerId', 'notes', 'dueDate', 'status', 'colour']);
    expect(spec).toMatchObject({ title: 'Faktura', lines: true });
    const find = (name: string) => spec.fields.find((field) => field.name === name);
    expect(find('dueDate')).toMatchObject({ label: 'Fällig', type: 'date', required: true });
    expect(find('status')?.options?.map(({ value }) => value)).toEqual(Object.keys(documentTypeInfo.sales_invoice.statuses));
    expect(find('colour')?.type).toBe('text');
  });

  it('of a delivery asks for the address, of a payment for the amount', () => {
    const bare = (type: (typeof documentTypes)[number]): string[] => completeFormSpec(type, { id: type, title: type, fields: [], lines: true }).fields.map(({ name }) => name);
    expect(bare('sales_delivery')).toEqual(['number', 'date', 'customerId', 'status', 'deliveryAddress']);
    expect(bare('payment_received')).toEqual(['number', 'date', 'customerId', 'status', 'amount']);
    expect(completeFormSpec('payment_received', { id: '', title: '', fields: [], lines: true }).lines).toBe(false);
  });
});
