import type { findingsCalls } from '../../../../shared/ipc/calls/security/findings.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import { safeFileName } from '../../../files/file-name.ts';
import { OutputFile } from '../../../files/output-file.ts';
import type { Findings } from '../../../security/findings/index.ts';
import { findingsCsvHead, findingsCsvRows } from '../../../security/findings/csv.ts';
import type { SecurityHandlerPorts } from './ports.ts';

/** Calls about findings of scanners. */
export function findingsHandlers({ security, files }: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof findingsCalls> {
  const findings = async (): Promise<Findings> => (await security()).findings;
  return {
    'findings.begin': async ({ size }) => (await findings()).begin(size),
    'findings.part': async ({ id, bytes }) => (await findings()).part(id, bytes),
    'findings.discard': async ({ id }) => {
      await (await findings()).discard(id);
      return null;
    },
    'findings.import': async ({ reports, target }) => (await findings()).import(reports, target),
    'findings.fetch': async () => (await findings()).fetch(),
    'findings.features': async () => (await findings()).features(),
    'findings.list': async (query) => (await findings()).list(query),
    'findings.get': async ({ id }) => (await findings()).get(id),
    'findings.summary': async () => (await findings()).summary(),
    'findings.imports': async ({ limit }) => (await findings()).imports(limit),
    'findings.accept': async ({ ids, reason, until }) => (await findings()).accept(ids, reason, until),
    'findings.unaccept': async ({ ids }) => (await findings()).unaccept(ids),
    'findings.export': async ({ filter, suggestedName, ...words }) => {
      const path = await files.saveFile(safeFileName(suggestedName, '.csv'), [{ name: 'CSV', extensions: ['csv'] }]);
      if (path === null) return null;
      const output = await OutputFile.create(path);
      const write = (text: string): Promise<void> => output.write(new TextEncoder().encode(text));
      let rows = 0;
      try {
        await write(findingsCsvHead(words));
        for await (const page of (await findings()).pages(filter)) {
          await write(findingsCsvRows(page, words));
          rows += page.length;
        }
      } catch (error) {
        await output.discard();
        throw error;
      }
      await output.finish();
      return { path, rows };
    },
  };
}
