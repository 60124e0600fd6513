/** The rules of an agricultural trader, as its server was set up with. */
export const seedRules = [
  { id: 'bestand-diesel', when: { kpiId: 'stock.diesel', severity: ['warn', 'crit'] }, action: 'inventory.reorder', params: { litres: { warn: 5000, crit: 12_000 }, note: 'Bestand {delta} % unter Soll' }, approval: { required: true, roles: ['manager'] } },
  { id: 'bestand-raps', when: { kpiId: 'stock.rape', severity: ['warn', 'crit'] }, action: 'inventory.reorder', params: { tonnes: 25 }, approval: { required: true, roles: ['manager', 'admin'] } },
  { id: 'bestand-weizen', when: { kpiId: 'stock.wheat', severity: ['crit', 'warn'] }, action: 'inventory.reorder', params: { tonnes: { warn: 25, crit: 75 } }, approval: { required: true, roles: ['manager'] }, window: { days: [1, 2, 3, 4, 5, 6], start: '06:00', end: '18:00' } },
  { id: 'marge-duenger', when: { kpiId: 'margin.fertiliser', severity: ['warn'] }, action: 'pricing.adjust', params: { percent: 1 }, autoSuggest: true },
  { id: 'marge-duenger-kritisch', when: { kpiId: 'margin.fertiliser', severity: ['crit'] }, action: 'pricing.adjust', params: { percent: 3 }, approval: { required: true, roles: ['manager'] } },
  { id: 'marge-weizen', when: { kpiId: 'margin.wheat', severity: ['warn', 'crit'] }, action: 'pricing.adjust', params: { percent: { warn: 0.5, crit: 2 } }, approval: { required: true, roles: ['admin', 'manager'] } },
  { id: 'verzug-kunden', when: { kpiId: 'days.overdue', severity: ['warn', 'crit'] }, action: 'sales.notify', params: { text: 'Zahlungsverzug: {delta} Tage' } },
  { id: 'verzug-lieferung', when: { kpiId: 'days.late', severity: ['warn', 'crit'] }, action: 'sales.notify', params: { text: 'Lieferverzug' } },
] as const;
