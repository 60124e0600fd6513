import type { Random } from './random.ts';

export type Partner = { id: string; kind: 'customer' | 'supplier'; name: string; town: string; address: string; contact: string };
/** Money in cents, quantities in steps of `step` units. */
export type Article = { id: string; name: string; unit: string; cost: number; price: number; vat: 7 | 19; min: number; max: number };

const article = (id: string, name: string, unit: string, cost: number, price: number, vat: 7 | 19, min: number, max: number): Article =>
  ({ id, name, unit, cost, price, vat, min, max });

/** What an agricultural trader buys and sells; cost and price per unit in cents. */
export const articles: readonly Article[] = [
  article('GE-1001', 'Weizen A, lose', 't', 19800, 21650, 7, 5, 120),
  article('GE-1002', 'Weizen B, lose', 't', 18650, 20200, 7, 5, 120),
  article('GE-1003', 'Futtergerste', 't', 16900, 18450, 7, 5, 100),
  article('GE-1004', 'Braugerste', 't', 21900, 24200, 7, 5, 60),
  article('GE-1005', 'Roggen', 't', 16200, 17700, 7, 5, 80),
  article('GE-1006', 'Körnermais', 't', 18100, 19900, 7, 5, 100),
  article('GE-1007', 'Hafer', 't', 20400, 22600, 7, 3, 40),
  article('GE-1008', 'Triticale', 't', 16500, 18100, 7, 5, 80),
  article('OS-1101', 'Raps, 00-Qualität', 't', 44500, 47900, 7, 3, 60),
  article('OS-1102', 'Sojabohnen, GVO-frei', 't', 47800, 52400, 7, 3, 40),
  article('OS-1103', 'Sonnenblumenkerne', 't', 42300, 46800, 7, 2, 30),
  article('DU-2001', 'Kalkammonsalpeter KAS 27 % N', 't', 28900, 32400, 19, 2, 50),
  article('DU-2002', 'Harnstoff 46 % N, geprillt', 't', 41200, 45900, 19, 2, 40),
  article('DU-2003', 'AHL 28 % N', 't', 25400, 28700, 19, 5, 60),
  article('DU-2004', 'NPK 15-15-15', 't', 44900, 50200, 19, 2, 30),
  article('DU-2005', 'DAP 18-46', 't', 58700, 64500, 19, 2, 25),
  article('DU-2006', 'Kali 40er Korn', 't', 32600, 36900, 19, 2, 30),
  article('DU-2007', 'Kohlensaurer Kalk', 't', 3150, 4290, 19, 10, 150),
  article('DU-2008', 'Schwefelsaures Ammoniak SSA', 't', 26800, 30500, 19, 2, 30),
  article('SA-3001', 'Saatweizen Sorte Chevignon', 'dt', 4850, 5790, 7, 5, 80),
  article('SA-3002', 'Saatgerste Sorte KWS Orbit', 'dt', 4640, 5580, 7, 5, 80),
  article('SA-3003', 'Saatmais, 50.000 Korn', 'Einheit', 8900, 11450, 7, 2, 60),
  article('SA-3004', 'Winterraps Hybride, 1,5 Mio. Korn', 'Einheit', 21400, 26900, 7, 1, 40),
  article('SA-3005', 'Zwischenfruchtmischung Greening', 'kg', 215, 298, 7, 50, 900),
  article('SA-3006', 'Deutsches Weidelgras', 'kg', 268, 379, 7, 25, 500),
  article('PS-4001', 'Herbizid Bodenwirkung, 20 l', 'Kanister', 31200, 37800, 19, 1, 24),
  article('PS-4002', 'Fungizid Getreide, 10 l', 'Kanister', 42600, 51900, 19, 1, 20),
  article('PS-4003', 'Insektizid, 5 l', 'Kanister', 18700, 23400, 19, 1, 20),
  article('PS-4004', 'Wachstumsregler, 10 l', 'Kanister', 6900, 8950, 19, 1, 30),
  article('PS-4005', 'Netzmittel, 5 l', 'Kanister', 3850, 5290, 19, 1, 30),
  article('FU-5001', 'Milchleistungsfutter 18/3, lose', 't', 27400, 31200, 7, 3, 28),
  article('FU-5002', 'Rindermast-Ergänzer, lose', 't', 26100, 29800, 7, 3, 28),
  article('FU-5003', 'Ferkelaufzuchtfutter, gesackt', 't', 48200, 55600, 7, 1, 20),
  article('FU-5004', 'Schweineendmastfutter, lose', 't', 28800, 32600, 7, 3, 28),
  article('FU-5005', 'Legehennenmehl', 't', 33500, 38400, 7, 1, 24),
  article('FU-5006', 'Sojaextraktionsschrot HP', 't', 38900, 42700, 7, 3, 28),
  article('FU-5007', 'Rapsextraktionsschrot', 't', 27300, 30400, 7, 3, 28),
  article('FU-5008', 'Mineralfutter Rind, 25 kg', 'Sack', 1890, 2490, 19, 4, 80),
  article('BE-6001', 'Silofolie 12 × 50 m', 'Rolle', 17900, 22900, 19, 1, 12),
  article('BE-6002', 'Rundballennetz 1,23 × 3.000 m', 'Rolle', 14200, 18400, 19, 1, 24),
  article('BE-6003', 'Erntegarn, 9 kg', 'Spule', 1680, 2290, 19, 2, 48),
  article('BE-6004', 'Weidezaunband, 200 m', 'Rolle', 1240, 1890, 19, 1, 30),
];

const families = ['Ahrens', 'Behrens', 'Brinkmann', 'Carstens', 'Diekmann', 'Eggers', 'Feldmann', 'Gerdes', 'Hansen', 'Harms', 'Hinrichs', 'Janssen', 'Kruse', 'Lührs', 'Meinders', 'Meyer', 'Nissen', 'Oltmanns', 'Petersen', 'Rademacher', 'Schulte', 'Steffens', 'Thomsen', 'Uphoff', 'Wiechmann'];
const givenNames = ['Anna', 'Bernd', 'Christine', 'Dirk', 'Elke', 'Frank', 'Gesa', 'Heiko', 'Imke', 'Jens', 'Katrin', 'Lars', 'Maren', 'Nils', 'Ole', 'Petra', 'Ralf', 'Silke', 'Torben', 'Ulrike'];
const towns = ['Aurich', 'Bad Bederkesa', 'Bramsche', 'Cloppenburg', 'Diepholz', 'Emlichheim', 'Friesoythe', 'Garrel', 'Haren', 'Itzehoe', 'Jever', 'Löningen', 'Meppen', 'Nordhorn', 'Oldenburg', 'Papenburg', 'Quakenbrück', 'Rotenburg', 'Sulingen', 'Twistringen', 'Uelzen', 'Vechta', 'Westerstede', 'Zeven'];
const streets = ['Dorfstraße', 'Hauptstraße', 'Am Speicher', 'Mühlenweg', 'Zum Deich', 'Feldweg', 'Bahnhofstraße', 'Kirchweg'];
const supplierNames = ['Nordsaat Handels', 'Düngerkontor Weser', 'Agrarchemie Nord', 'Kalkwerk Harz', 'Futtermittelwerk Ems', 'Saatzucht Heidehof', 'Pflanzenschutz Union', 'Silobedarf Küste', 'Getreidekontor Hunte', 'Ölmühle Unterelbe', 'Mineralfutter Kontor', 'Landtechnik Depot'];

function partner(random: Random, kind: Partner['kind'], index: number, name: string, town: string): Partner {
  return {
    id: `${kind === 'customer' ? 'K' : 'L'}${kind === 'customer' ? 10_001 + index : 70_001 + index}`, kind, name, town,
    address: `${random.pick(streets)} ${random.between(1, 98)}, ${random.between(26_100, 49_999)} ${town}`,
    contact: `${random.pick(givenNames)} ${random.pick(families)}`,
  };
}

/** Farms, cooperatives and mills, and their suppliers; every name is unique. */
export function createPartners(random: Random, customers: number, suppliers: number): Partner[] {
  const used = new Set<string>();
  const unique = (make: () => string): string => {
    let name = make();
    for (let attempt = 2; used.has(name); attempt += 1) name = attempt > 20 ? `${make()} (${attempt - 19})` : make();
    used.add(name);
    return name;
  };
  const result: Partner[] = [];
  for (let index = 0; index < customers; index += 1) {
    const town = random.pick(towns);
    const form = random.next();
    const name = unique(() => {
      const family = random.pick(families);
      if (form < 0.55) return `Hof ${family}, ${town}`;
      if (form < 0.7) return `${family} & ${random.pick(families)} Agrar GbR, ${town}`;
      if (form < 0.82) return `Agrargenossenschaft ${town} eG${used.has(`Agrargenossenschaft ${town} eG`) ? ` (${family})` : ''}`;
      if (form < 0.92) return `${family} Mühle ${town} KG`;
      return `Biogas ${family} ${town} GmbH`;
    });
    result.push(partner(random, 'customer', index, name, town));
  }
  for (let index = 0; index < suppliers; index += 1) {
    const town = random.pick(towns);
    result.push(partner(random, 'supplier', index, unique(() => `${random.pick(supplierNames)} ${random.chance(0.6) ? 'GmbH' : 'AG'}${index < supplierNames.length ? '' : `, ${town}`}`), town));
  }
  return result;
}
