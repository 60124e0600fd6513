/** The nine document types of the document flow (Belegfluss), in the order they follow each other. ERP-API section 3. */
export const documentTypes = [
  'customer_inquiry',
  'sales_offer',
  'sales_order',
  'sales_delivery',
  'sales_invoice',
  'payment_received',
  'purchase_request',
  'purchase_offer',
  'purchase_order',
] as const;
export type DocumentType = (typeof documentTypes)[number];

/** The two workflow domains; every document type belongs to exactly one. */
export const domains = ['sales', 'purchase'] as const;
export type Domain = (typeof domains)[number];

export type PartnerKind = 'customer' | 'supplier';

export type DocumentTypeInfo = {
  domain: Domain;
  partner: PartnerKind;
  /** Prefix of the number range (Nummernkreis). */
  prefix: string;
  /** False for types that carry no price lines (a payment has one amount). */
  hasLines: boolean;
  /** True where the server expects subtotalNet, totalTax and totalGross. */
  sendsTotals: boolean;
  /** Each status with the ones that may follow it; the first status is the initial one. */
  statuses: Readonly<Record<string, readonly string[]>>;
};

const offerStatuses = { ENTWURF: ['VERSENDET'], VERSENDET: ['ANGENOMMEN', 'ABGELEHNT'], ANGENOMMEN: [], ABGELEHNT: [] };

export const documentTypeInfo: Readonly<Record<DocumentType, DocumentTypeInfo>> = {
  customer_inquiry: {
    domain: 'sales', partner: 'customer', prefix: 'INQ-', hasLines: true, sendsTotals: false,
    statuses: { OFFEN: ['IN_BEARBEITUNG'], IN_BEARBEITUNG: ['ANGEBOTEN', 'ABGELEHNT'], ANGEBOTEN: [], ABGELEHNT: [] },
  },
  sales_offer: { domain: 'sales', partner: 'customer', prefix: 'ANG-', hasLines: true, sendsTotals: true, statuses: offerStatuses },
  sales_order: {
    domain: 'sales', partner: 'customer', prefix: 'SO-', hasLines: true, sendsTotals: false,
    statuses: { ENTWURF: ['BESTAETIGT'], BESTAETIGT: ['TEILGELIEFERT'], TEILGELIEFERT: ['ABGESCHLOSSEN'], ABGESCHLOSSEN: [] },
  },
  sales_delivery: {
    domain: 'sales', partner: 'customer', prefix: 'DL-', hasLines: true, sendsTotals: false,
    statuses: { ENTWURF: ['VERSENDET'], VERSENDET: ['GELIEFERT'], GELIEFERT: [] },
  },
  sales_invoice: {
    domain: 'sales', partner: 'customer', prefix: 'INV-', hasLines: true, sendsTotals: true,
    statuses: { ENTWURF: ['VERSENDET'], VERSENDET: ['BEZAHLT', 'UEBERFAELLIG'], UEBERFAELLIG: ['BEZAHLT'], BEZAHLT: [] },
  },
  payment_received: {
    domain: 'sales', partner: 'customer', prefix: 'PAY-', hasLines: false, sendsTotals: false,
    statuses: { EINGEGANGEN: ['VERBUCHT'], VERBUCHT: ['ABGEGLICHEN'], ABGEGLICHEN: [] },
  },
  purchase_request: {
    domain: 'purchase', partner: 'supplier', prefix: 'PR-', hasLines: true, sendsTotals: false,
    statuses: { OFFEN: ['IN_BEARBEITUNG'], IN_BEARBEITUNG: ['BESTELLT', 'ABGELEHNT'], BESTELLT: [], ABGELEHNT: [] },
  },
  purchase_offer: {
    domain: 'purchase', partner: 'supplier', prefix: 'POF-', hasLines: true, sendsTotals: true,
    statuses: { ENTWURF: ['EINGEGANGEN'], EINGEGANGEN: ['ANGENOMMEN', 'ABGELEHNT'], ANGENOMMEN: [], ABGELEHNT: [] },
  },
  purchase_order: {
    domain: 'purchase', partner: 'supplier', prefix: 'PO-', hasLines: true, sendsTotals: true,
    statuses: { ENTWURF: ['FREIGEGEBEN'], FREIGEGEBEN: ['TEILGELIEFERT', 'VOLLGELIEFERT', 'STORNIERT'], TEILGELIEFERT: [], VOLLGELIEFERT: [], STORNIERT: [] },
  },
};

/**
 * The status as our tables spell it: upper case, Ü as UE. Unknown values come back in the same spelling, never dropped,
 * because the server may know more states than we do.
 */
export function normaliseStatus(status: string): string {
  return status.normalize('NFC').trim().toUpperCase().normalize('NFC').replaceAll('Ä', 'AE').replaceAll('Ö', 'OE').replaceAll('Ü', 'UE').replaceAll('ß', 'SS').replaceAll(' ', '_');
}

/** The status a new document of this type starts with. */
export function initialStatus(type: DocumentType): string {
  return Object.keys(documentTypeInfo[type].statuses)[0] ?? '';
}

/** The statuses that may follow; empty for final and for unknown statuses. */
export function nextStatuses(type: DocumentType, status: string): readonly string[] {
  return documentTypeInfo[type].statuses[normaliseStatus(status)] ?? [];
}

/** True when our tables know this status of this type. */
export function isKnownStatus(type: DocumentType, status: string): boolean {
  return normaliseStatus(status) in documentTypeInfo[type].statuses;
}
