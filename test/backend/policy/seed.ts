import type { Db } from '../db.ts';
import { createAlerts } from './alerts.ts';
import { seedRules } from './seed-rules.ts';
import { createRuleStore } from './store.ts';

const titles: Readonly<Record<string, string>> = {
  'stock.wheat': 'Weizenbestand unter Soll', 'stock.rape': 'Rapsbestand unter Soll', 'stock.diesel': 'Dieselbestand unter Soll', 'margin.wheat': 'Marge Weizen gesunken',
  'margin.fertiliser': 'Marge Dünger gesunken', 'days.overdue': 'Zahlungsverzug', 'days.late': 'Lieferverzug', 'price.matif': 'Börsenpreis bewegt sich',
};

/**
 * The rules of an agricultural trader and a year of alerts with the decisions taken then: harvest months are busier, most
 * alerts are warnings.
 * @param random a function from 0 to below 1, of the seed.
 */
export function seedPolicy(db: Db, now: number, random: () => number, alerts = 2000): void {
  const rules = createRuleStore(db, () => now - 366 * 86_400_000);
  const log = createAlerts(db, rules, () => now);
  for (const rule of seedRules) rules.put({ limits: null, window: null, approval: null, ...rule }, 'admin', 'Erstausstattung');
  const kpis = Object.keys(titles);
  const times = Array.from({ length: alerts }, () => {
    const day = Math.floor(random() * 365);
    const isHarvest = new Date(now - day * 86_400_000).getUTCMonth() >= 6 && new Date(now - day * 86_400_000).getUTCMonth() <= 8;
    return now - (isHarvest || random() < 0.6 ? day : Math.floor(random() * 365)) * 86_400_000 - Math.floor(random() * 86_400_000);
  }).toSorted((a, b) => a - b);
  db.transaction(() => {
    times.forEach((at, index) => {
      const kpiId = kpis[Math.floor(random() * kpis.length)] ?? 'stock.wheat';
      const draw = random();
      const severity = draw < 0.12 ? 'ok' : draw < 0.8 ? 'warn' : 'crit';
      const delta = Math.round((kpiId.startsWith('days') ? 1 + random() * 40 : -random() * 30) * 10) / 10;
      log.raise({ id: `al-${String(index + 1).padStart(5, '0')}`, kpiId, title: titles[kpiId] ?? kpiId, message: `${titles[kpiId] ?? kpiId}: ${delta}`, severity, delta }, random() < 0.3 ? ['manager'] : ['operator'], at);
    });
  })();
}
