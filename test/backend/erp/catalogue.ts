/** The server's own knowledge of the nine document types; ERP-API section 3. */

export type Domain = 'sales' | 'purchase';

export type TypeInfo = {
  domain: Domain;
  prefix: string;
  title: string;
  /** True where subtotalNet, totalTax and totalGross belong to the document. */
  totals: boolean;
  statuses: readonly string[];
  /** Statuses after which a document cannot be deleted. */
  final: readonly string[];
};

export const types: Readonly<Record<string, TypeInfo>> = {
  customer_inquiry: { domain: 'sales', prefix: 'INQ-', title: 'Kundenanfrage', totals: false, statuses: ['OFFEN', 'IN_BEARBEITUNG', 'ANGEBOTEN', 'ABGELEHNT'], final: ['ANGEBOTEN', 'ABGELEHNT'] },
  sales_offer: { domain: 'sales', prefix: 'ANG-', title: 'Angebot', totals: true, statuses: ['ENTWURF', 'VERSENDET', 'ANGENOMMEN', 'ABGELEHNT'], final: ['ANGENOMMEN', 'ABGELEHNT'] },
  sales_order: { domain: 'sales', prefix: 'SO-', title: 'Auftrag', totals: false, statuses: ['ENTWURF', 'BESTAETIGT', 'TEILGELIEFERT', 'ABGESCHLOSSEN'], final: ['ABGESCHLOSSEN'] },
  sales_delivery: { domain: 'sales', prefix: 'DL-', title: 'Lieferschein', totals: false, statuses: ['ENTWURF', 'VERSENDET', 'GELIEFERT'], final: ['GELIEFERT'] },
  sales_invoice: { domain: 'sales', prefix: 'INV-', title: 'Rechnung', totals: true, statuses: ['ENTWURF', 'VERSENDET', 'BEZAHLT', 'ÜBERFÄLLIG'], final: ['BEZAHLT'] },
  payment_received: { domain: 'sales', prefix: 'PAY-', title: 'Zahlungseingang', totals: false, statuses: ['EINGEGANGEN', 'VERBUCHT', 'ABGEGLICHEN'], final: ['ABGEGLICHEN'] },
  purchase_request: { domain: 'purchase', prefix: 'PR-', title: 'Einkaufsanfrage', totals: false, statuses: ['OFFEN', 'IN_BEARBEITUNG', 'BESTELLT', 'ABGELEHNT'], final: ['BESTELLT', 'ABGELEHNT'] },
  purchase_offer: { domain: 'purchase', prefix: 'POF-', title: 'Einkaufsangebot', totals: true, statuses: ['ENTWURF', 'EINGEGANGEN', 'ANGENOMMEN', 'ABGELEHNT'], final: ['ANGENOMMEN', 'ABGELEHNT'] },
  purchase_order: { domain: 'purchase', prefix: 'PO-', title: 'Bestellung', totals: true, statuses: ['ENTWURF', 'FREIGEGEBEN', 'TEILGELIEFERT', 'VOLLGELIEFERT', 'STORNIERT'], final: ['VOLLGELIEFERT', 'STORNIERT'] },
};

export const typeNames = Object.keys(types);

export const isDomain = (text: unknown): text is Domain => text === 'sales' || text === 'purchase';

/** Which document may follow which (Belegfluss). */
export const follows: Readonly<Record<string, readonly string[]>> = {
  customer_inquiry: ['sales_offer'],
  sales_offer: ['sales_order'],
  sales_order: ['sales_delivery', 'sales_invoice'],
  sales_delivery: ['sales_invoice'],
  sales_invoice: ['payment_received'],
  purchase_request: ['purchase_offer', 'purchase_order'],
  purchase_offer: ['purchase_order'],
};
