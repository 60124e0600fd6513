import { statSync } from 'node:fs';
import { z } from 'zod';
import type { OpenDatabase } from './db/open.ts';

/** Looking at the open file itself. */
export const healthRequests = {
  'health.size': z.undefined(),
  /** One table with its indexes at a time, so that lists are served in between. Damage is handled as any damage that a read meets. */
  'health.check': z.object({ table: z.string().regex(/^\w{1,64}$/) }),
} as const;

export type HealthAnswers = {
  /** Bytes of the file and of its log, and what there is to check. */
  'health.size': { bytes: number; logBytes: number; documents: number; tables: string[] };
  /** The first thing that is wrong; null when nothing is. */
  'health.check': string | null;
};

type Handlers = { [M in keyof HealthAnswers]: (params: z.output<(typeof healthRequests)[M]>) => HealthAnswers[M] };

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

export const healthHandlers = (open: () => Pick<OpenDatabase, 'path' | 'reader'>): Handlers => ({
  'health.size': () => {
    const { path, reader } = open();
    return {
      bytes: sizeOf(path), logBytes: sizeOf(`${path}-wal`), documents: reader.value<number>('SELECT count(*) FROM documents') ?? 0,
      tables: reader.values<string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%' ORDER BY name"),
    };
  },
  'health.check': ({ table }) => {
    const first = open().reader.value<string>(`PRAGMA quick_check('${table}')`) ?? 'ok';
    return first === 'ok' ? null : first.slice(0, 200);
  },
});
