import { describe, expect, it } from 'vitest';
import { incidentSchema } from '../../../shared/security/incidents/incident.ts';
import type { SecurityPorts } from '../ports.ts';
import { IncidentBook } from './book.ts';

/** A book on records that lie in memory, and a log whose entries are as long as their server made them. */
function book(resource: string): IncidentBook {
  const rows = new Map<string, { id: string; body: unknown; changedAt: number }>();
  const records = {
    get: async (_kind: string, id: string) => rows.get(id) ?? null, list: async () => [...rows.values()],
    put: async (put: { id: string; body: unknown; changedAt: number }[]) => { for (const row of put) rows.set(row.id, row); },
  };
  const row = { index: 3, at: 5, actor: 'eva', action: 'approve', resource, outcome: 'accepted' };
  return new IncidentBook({
    host: { records, audit: async () => ({ row, leafHash: 'ab', proof: null }) }, clock: { now: () => 1000 }, audit: { notes: { note: () => undefined } },
    account: () => ({ userName: 'admin', roles: ['admin'], scopes: ['admin:all'], scopeSource: 'token' }),
  } as unknown as SecurityPorts);
}

describe('the book of incidents', () => {
  it('attaches an entry of the log however long its texts are, and the incident is still there afterwards', async () => {
    const incidents = book(`document/${'x'.repeat(5000)}`);
    const { incident: { id } } = await incidents.create({ title: 'Zugriff', description: '', severity: 'high', isExercise: false, detectedAt: 1, awareAt: 1, origin: null });
    await incidents.attach(id, { indexes: [3] });
    const { incident } = await incidents.get(id);
    expect(incidentSchema.safeParse(incident).success).toBe(true);
    expect(incident.evidence['log-3']?.resource).toHaveLength(300);
  });
});
