import { toBase64 } from '../../../shared/audit/bytes.ts';
import { rangesOf, type EvidenceView } from '../../../shared/audit/evidence.ts';
import type { AuditFilter, AuditSection } from '../../../shared/domain/audit.ts';
import type { StoredCheckpoint } from './checkpoints.ts';
import { withColleagues, type Cosigned } from './colleagues.ts';
import type { AuditLog } from './log.ts';

export type EvidenceSource = { log: AuditLog; first: StoredCheckpoint | undefined; verified: StoredCheckpoint; cosigned: readonly Cosigned[]; sections: readonly AuditSection[] };
export type EvidenceViews = { cosigners: string[]; views: EvidenceView[]; entries: number; /** No checkpoint covers them. */ unproven: number; /** More than the limit. */ beyond: number };

/** Words for what was there before: whoever reads the file must see that the log began anew, and from what. */
function sectionWords(sections: readonly AuditSection[]): string {
  const before = sections.at(-1);
  if (before === undefined) return '';
  return `; section ${before.number + 1} of this log, begun ${new Date(before.sealedAt).toISOString()} by ${before.sealedBy} (${before.reason.replaceAll(/\s+/gu, ' ')}); section ${before.number} was sealed at ${before.size} entries with root ${before.root}`;
}

/** The views of an evidence file: what was first verified, and the newest checkpoint with the entries asked for. */
export function evidenceViews({ log, first, verified, cosigned, sections }: EvidenceSource, filter: AuditFilter | null, places: readonly number[], limit: number): EvidenceViews {
  const asked = filter === null ? [...new Set(places)].toSorted((a, b) => a - b) : [...log.indexes(filter)];
  const provable = asked.filter((index) => index < verified.size);
  const wanted = provable.slice(0, limit);
  const words = sectionWords(sections);
  const base = (checkpoint: StoredCheckpoint, label: string): EvidenceView => ({ label: `${label}${words}`, seenAt: checkpoint.seen_at, checkpoint: checkpoint.note, consistency: [], ranges: [], entries: [] });
  const own: EvidenceView[] = first === undefined || first.size === verified.size ? [] : [base(first, 'first checkpoint that this client has verified')];
  own.push({
    ...base(verified, 'newest checkpoint that this client has verified'),
    ranges: rangesOf(wanted),
    entries: wanted.map((index) => ({ index, canonical: log.canonical(index) ?? '', proof: log.proof(index, verified.size).map(toBase64) })),
  });
  const { views, keys: cosigners } = withColleagues(own, cosigned, log.tree);
  return { cosigners, views, entries: wanted.length, unproven: asked.length - provable.length, beyond: provable.length - wanted.length };
}
