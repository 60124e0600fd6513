import { accounts } from '../accounts.ts';
import { types } from '../erp/catalogue.ts';
import { createRandom } from '../seed/random.ts';
import type { AuditEntry } from './entry.ts';

type Kind = { weight: number; actors: readonly string[]; make(number: number): Pick<AuditEntry, 'action' | 'resource'> & Partial<Pick<AuditEntry, 'outcome' | 'policy' | 'reason' | 'from' | 'to'>> };

/** The auditor is no everyday guest. */
const everyone = accounts.map(({ name }) => name).filter((name) => name !== 'auditor');
const typeNames = Object.keys(types);
const clients = ['VALEO NeuroERP Admin/1.0 (Windows)', 'VALEO NeuroERP Admin/1.0 (Linux)', 'VALEO NeuroERP Web/3.0'];

const kinds: readonly Kind[] = [
  { weight: 40, actors: everyone, make: () => ({ action: 'login', resource: 'session' }) },
  { weight: 3, actors: everyone, make: () => ({ action: 'login', resource: 'session', outcome: 'refused', reason: 'Benutzername oder Kennwort ist falsch' }) },
  { weight: 25, actors: ['sales', 'operator', 'purchase'], make: (n) => ({ action: 'print', resource: `${n % 3 === 0 ? 'purchase/PO' : 'sales/SO'}-${2025 + (n % 2)}-${String(n % 4000).padStart(5, '0')}` }) },
  { weight: 8, actors: ['manager', 'controller'], make: (n) => ({ action: 'export', resource: `export/${typeNames[n % typeNames.length]}` }) },
  { weight: 6, actors: ['operator', 'sales'], make: (n) => ({ action: 'export', resource: `export/${typeNames[n % typeNames.length]}`, outcome: 'refused', policy: 'scope' }) },
  { weight: 2, actors: ['admin'], make: (n) => ({ action: 'policy.upsert', resource: `policy/R${1 + (n % 40)}`, from: `v${n % 9}`, to: `v${(n % 9) + 1}`, reason: 'Grenzwert angepasst' }) },
  { weight: 4, actors: ['admin'], make: (n) => ({ action: 'backup.create', resource: `backup/B${n}` }) },
  { weight: 1, actors: ['admin'], make: (n) => ({ action: 'backup.drill', resource: `backup/B${n}` }) },
  { weight: 1, actors: ['admin'], make: (n) => ({ action: 'secret.rotate', resource: `secret/${['jwt', 'database', 'oidc'][n % 3]}`, reason: 'planmäßig' }) },
  { weight: 1, actors: ['admin'], make: (n) => ({ action: 'gdpr.export', resource: `gdpr/export/K${10_000 + (n % 900)}` }) },
];
const drum = kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));

/** What happens beside the documents: logins, prints, exports, the administrator's work. Deterministic by seed. */
export function createEveryday(seed: number): (ts: number) => AuditEntry {
  const random = createRandom(seed ^ 0xa0d17);
  let made = 0;
  return (ts) => {
    made += 1;
    const kind = random.pick(drum);
    const actor = random.pick(kind.actors);
    return {
      ts, actor, role: actor, client: random.pick(clients), from: null, to: null, reason: null, policy: null, outcome: 'accepted',
      correlationId: `da11e000-0000-4000-8000-${made.toString(16).padStart(12, '0')}`, ...kind.make(random.between(0, 99_999)),
    };
  };
}
