import { createHash } from 'node:crypto';
import { z } from 'zod';
import { decodePersonalData } from '../erp/api/personal-data.ts';
import { writeWholeFile } from '../files/output-file.ts';

const wireSchema = z.object({ body: z.custom<Uint8Array>((body) => body instanceof Uint8Array), correlationId: z.string(), isNested: z.boolean() });

/** What a server has stored about a person: up to tens of megabytes, which nobody parses where a window waits (law 11). */
export const personRequests = {
  'person.count': z.object({ wire: wireSchema }),
  /** Writes it whole. `head` stands before what the server said, `tail` behind it. */
  'person.package': z.object({ file: z.string().min(1).max(4096), wire: wireSchema, head: z.record(z.string(), z.unknown()), tail: z.record(z.string(), z.unknown()) }),
} as const;

export type PersonCounts = { documents: number; auditEntries: number; archives: number };

export type PersonAnswers = {
  'person.count': PersonCounts;
  /** The SHA-256 of the file, in hex. */
  'person.package': { sha256: string; counts: PersonCounts };
};

type Handlers = { [M in keyof PersonAnswers]: (params: z.output<(typeof personRequests)[M]>) => PersonAnswers[M] | Promise<PersonAnswers[M]> };

export const personHandlers: Handlers = {
  'person.count': ({ wire }) => countsOf(decodePersonalData(wire)),
  'person.package': async ({ file, wire, head, tail }) => {
    const data = decodePersonalData(wire);
    const bytes = new TextEncoder().encode(`${JSON.stringify({ ...head, onServer: data.raw, ...tail }, null, 2)}\n`);
    await writeWholeFile(file, bytes);
    return { sha256: createHash('sha256').update(bytes).digest('hex'), counts: countsOf(data) };
  },
};

function countsOf({ documents, auditEntries, archives }: ReturnType<typeof decodePersonalData>): PersonCounts {
  return { documents: documents.length, auditEntries: auditEntries.length, archives: archives.length };
}
