import type { ExportQuery } from '../../../shared/domain/list-export.ts';
import type { AuditLog } from '../audit/log.ts';
import type { Answers, ParsedParams } from '../protocol.ts';
import { AuditExport } from './audit-export.ts';
import type { ExportSource, ListExports } from './list-export.ts';

type ExportMethod = 'export.begin' | 'export.beginAudit' | 'export.step' | 'export.discard';

/** The files that the host writes, one function per request. */
export const exportHandlers = (exports: ListExports, source: (query: ExportQuery) => ExportSource, log: () => AuditLog): { [M in ExportMethod]: (params: ParsedParams<M>) => Promise<Answers[M]> } => ({
  'export.begin': async ({ id, query, ...options }) => ({ total: await exports.begin(id, source(query), options) }),
  'export.beginAudit': async ({ id, filter, ...options }) => ({ total: exports.add(id, await AuditExport.begin(log(), filter, options)) }),
  'export.step': ({ id }) => exports.step(id),
  'export.discard': async ({ id }) => { await exports.discard(id); return null; },
});
