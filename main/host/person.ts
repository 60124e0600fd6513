import { createHash } from 'node:crypto';
import { z } from 'zod';
import { decodePersonalData } from '../erp/api/personal-data.ts';
import type { DocumentKey } from '../../shared/domain/document.ts';
import { writeWholeFile } from '../files/output-file.ts';
import { typeFromCode } from './db/codes.ts';
import type { Reader, Writer } from './db/connection.ts';
import { removeDraft } from './db/repos/drafts.ts';

const wireSchema = z.object({ body: z.custom<Uint8Array>((body) => body instanceof Uint8Array), correlationId: z.string(), isNested: z.boolean() });

/** What a server has stored about a person: up to tens of megabytes, which nobody parses where a window waits (law 11). */
export const personRequests = {
  'person.count': z.object({ wire: wireSchema }),
  /** Writes it whole. `head` stands before what the server said, `tail` behind it. */
  /** What this cache holds about a person: a partner by number, or somebody who works with the ERP by account. */
  'person.traces': z.object({ reference: z.string().min(1).max(200), limit: z.number().int().min(1) }),
  /** Removes drafts about the person for good, also those that were discarded, with their versions. */
  'person.eraseDrafts': z.object({ reference: z.string().min(1).max(200) }),
  'person.package': z.object({ file: z.string().min(1).max(4096), wire: wireSchema, head: z.record(z.string(), z.unknown()), tail: z.record(z.string(), z.unknown()) }),
} as const;

export const personWrites = ['person.eraseDrafts'] as const;

export type PersonCounts = { documents: number; auditEntries: number; archives: number };

export type PersonAnswers = {
  'person.count': PersonCounts;
  /** `waiting`: drafts that a command in the outbox carries. Documents newest change first, cut at the limit. */
  'person.traces': { drafts: number; waiting: number; documents: DocumentKey[]; documentsTotal: number };
  'person.eraseDrafts': { erased: number };
  /** The SHA-256 of the file, in hex. */
  'person.package': { sha256: string; counts: PersonCounts };
};

type Handlers = { [M in keyof PersonAnswers]: (params: z.output<(typeof personRequests)[M]>) => PersonAnswers[M] | Promise<PersonAnswers[M]> };

export const personHandlers = (reader: () => Reader, write: <T>(work: (writer: Writer) => T) => T): Handlers => ({
  'person.traces': ({ reference, limit }) => {
    const states = draftsAbout(reader(), reference).map(({ state }) => state);
    const about = 'FROM documents WHERE partner_id = ? OR submitted_by = ?';
    const rows = reader().all<{ type: number; number: string }>(`SELECT type, number ${about} ORDER BY changed_at DESC, id DESC LIMIT ${limit}`, reference, reference);
    return {
      drafts: states.filter((state) => state === 'open').length, waiting: states.filter((state) => state !== 'open').length,
      documents: rows.map(({ type, number }) => ({ type: typeFromCode(type), number })),
      documentsTotal: reader().value<number>(`SELECT count(*) ${about}`, reference, reference) ?? 0,
    };
  },
  'person.eraseDrafts': ({ reference }) => write((writer) => {
    const ids = draftsAbout(writer, reference).filter(({ state }) => state === 'open').map(({ id }) => id);
    for (const id of ids) removeDraft(writer, id);
    // A draft that is about somebody else by now may have begun with this person.
    writer.run("DELETE FROM draft_versions WHERE json_extract(content, '$.partnerId') = ? AND draft NOT IN (SELECT id FROM drafts WHERE state <> 'open')", reference);
    return { erased: ids.length };
  }),
  'person.count': ({ wire }) => countsOf(decodePersonalData(wire)),
  'person.package': async ({ file, wire, head, tail }) => {
    const data = decodePersonalData(wire);
    const bytes = new TextEncoder().encode(`${JSON.stringify({ ...head, onServer: data.raw, ...tail }, null, 2)}\n`);
    await writeWholeFile(file, bytes);
    return { sha256: createHash('sha256').update(bytes).digest('hex'), counts: countsOf(data) };
  },
});

/** Drafts that name the person now, or began from a document that did; whether they can be seen or were discarded. */
const draftsAbout = (reader: Reader, reference: string): { id: string; state: string }[] =>
  reader.all<{ id: string; state: string }>("SELECT id, state FROM drafts WHERE json_extract(content, '$.partnerId') = ? OR json_extract(base, '$.document.partnerId') = ?", reference, reference);

function countsOf({ documents, auditEntries, archives }: ReturnType<typeof decodePersonalData>): PersonCounts {
  return { documents: documents.length, auditEntries: auditEntries.length, archives: archives.length };
}
