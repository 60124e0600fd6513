import { z } from 'zod';
import { backupKinds, drillEvidenceSchema, type ServerBackup } from '../../../shared/security/backups/backup.ts';
import type { ErpHttp } from '../http.ts';
import { instantOf } from '../time.ts';
import type { BackupsApi } from '../security-types.ts';

const base = '/security/backups';
/** Thirty daily and twelve monthly ones are usual; what comes after is cut. */
const mostBackups = 1000;
/** A backup or a drill reads the whole database of the server. */
const longestWork = 10 * 60_000;

const optional = z.string().max(300).nullish().catch(null);
const wireSchema = z.looseObject({
  id: z.coerce.string().min(1).max(200), kind: z.string().catch('other'), createdAt: z.unknown().optional(),
  size: z.number().int().min(0).nullish().catch(null), sha256: optional, keptUntil: z.unknown().optional(),
  offsite: z.looseObject({ copied: z.boolean(), copiedAt: z.unknown().optional(), location: optional }).nullish().catch(null),
});

function backupFrom(raw: unknown): ServerBackup | null {
  const parsed = wireSchema.safeParse(raw);
  const createdAt = parsed.success ? instantOf(parsed.data.createdAt) : null;
  if (!parsed.success || createdAt === null) return null;
  const { id, kind, size, sha256, keptUntil, offsite } = parsed.data;
  return {
    id, createdAt, kind: backupKinds.find((one) => one === kind) ?? 'other', size: size ?? null, sha256: sha256 ?? null, keptUntil: instantOf(keptUntil),
    offsite: !offsite ? null : { copied: offsite.copied, copiedAt: instantOf(offsite.copiedAt), location: (offsite.location ?? '').slice(0, 200) },
  };
}

/** Backups of the server, ERP-API section 7. Servers without them answer 404, which is `server.unsupported` here. */
export function createBackupsApi(http: ErpHttp): BackupsApi {
  return {
    async list(call = {}) {
      const { value } = await http.request({ method: 'GET', path: base, schema: z.looseObject({ items: z.array(z.unknown()), key: z.string().max(500).nullish().catch(null) }), ...call });
      const read = value.items.slice(0, mostBackups).map(backupFrom);
      return { backups: read.filter((backup) => backup !== null), unreadable: read.filter((backup) => backup === null).length, key: value.key ?? null };
    },
    async create(call = {}) {
      const { value } = await http.request({ method: 'POST', path: base, body: {}, schema: z.looseObject({ backup: z.unknown().optional() }), timeoutMs: longestWork, ...call });
      return backupFrom(value.backup);
    },
    async drill(id, call = {}) {
      const { value } = await http.request({ method: 'POST', path: `${base}/${encodeURIComponent(id)}/drill`, body: {}, schema: z.union([z.looseObject({ evidence: drillEvidenceSchema }).transform(({ evidence }) => evidence), drillEvidenceSchema]), limit: 'restore', timeoutMs: longestWork, ...call });
      return value;
    },
  };
}
