import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { DataHost } from '../host/client.ts';
import { Records } from './records.ts';

const schema = z.object({ id: z.string(), text: z.string().max(3) });

describe('records in the cache', () => {
  it('refuse what could not be read again, and then nothing of the call is stored', async () => {
    const stored: string[] = [];
    const host = { records: { put: async (records: { id: string }[]) => { stored.push(...records.map(({ id }) => id)); } } } as unknown as Pick<DataHost, 'records'>;
    const records = new Records({ host, kind: 'test', schema, idOf: ({ id }) => id, now: () => 1 });
    await expect(records.put({ id: 'a', text: 'abc' }, { id: 'b', text: 'abcd' })).rejects.toMatchObject({ error: { code: 'input.invalid', params: { path: 'text' } } });
    expect(stored).toEqual([]);
    await records.put({ id: 'a', text: 'abc' });
    expect(stored).toEqual(['a']);
  });
});
