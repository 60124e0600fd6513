import type { paperCalls } from '../../../shared/ipc/calls/paper.ts';
import type { CallHandlers } from '../../../shared/ipc/contract.ts';
import { failure } from '../../../shared/ipc/errors.ts';
import type { Paper } from '../../documents/paper/index.ts';

/** Calls about print, archive, export and verify. */
export function paperHandlers(open: () => Promise<Paper | null>): Pick<CallHandlers, keyof typeof paperCalls> {
  const paper = async (): Promise<Paper> => {
    const current = await open();
    if (current === null) throw failure('session.required');
    return current;
  };
  return {
    'paper.preview': async ({ source, words }) => (await paper()).print.preview(source, words),
    'paper.savePdf': async ({ source, words }) => (await paper()).print.savePdf(source, words),
    'paper.print': async ({ source, words }) => (await paper()).print.print(source, words),
    'paper.printOnServer': async ({ name, ...key }) => (await paper()).print.printOnServer(key, name),
    'paper.history': async (key) => (await paper()).archive.history(key),
    'paper.recheck': async ({ path, ...key }) => (await paper()).archive.recheck(key, path),
    'files.open': async ({ path, how }) => {
      await (await paper()).written.show(path, how);
      return null;
    },
    'export.list': async (request) => (await paper()).exports.list(request),
    'export.audit': async (request) => (await paper()).auditExports.start(request),
    'export.server': async (request) => (await paper()).exports.server(request),
    'verify.check': async (question) => (await paper()).verify.check(question),
  };
}
