import type { gdprCalls } from '../../../../shared/ipc/calls/security/gdpr.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import { dpiaMarkdown, dpiaReport } from '../../../../shared/security/gdpr/dpia.ts';
import { choosePlace, saveAs } from '../../../files/save-as.ts';
import { saveReport } from '../../../files/save-report.ts';
import type { GdprDesk } from '../../../security/gdpr/index.ts';
import type { SecurityHandlerPorts } from './ports.ts';

/** Calls of the privacy desk. */
export function gdprHandlers({ security, files, paper }: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof gdprCalls> {
  const desk = async (): Promise<GdprDesk> => (await security()).gdpr;
  return {
    'gdpr.list': async () => (await desk()).list(),
    'gdpr.features': async () => (await desk()).features(),
    'gdpr.open': async (asked) => (await desk()).open(asked),
    'gdpr.discard': async ({ id }) => {
      await (await desk()).discard(id);
      return null;
    },
    'gdpr.step': async ({ id, step }) => (await desk()).step(id, step),
    'gdpr.find': async ({ id }) => (await desk()).find(id),
    'gdpr.export': async ({ id, suggestedName }) => {
      const here = await desk();
      await here.checkExport(id);
      // A place for it first: fetching stands in the server's audit log, and of a dialog that was closed nothing may remain there.
      const path = await choosePlace(files, { suggestedName, extension: '.json', kind: 'JSON' });
      if (path === null) return null;
      await here.exportPackage(id, path);
      return { path };
    },
    'gdpr.erase': async ({ id, typed, discardDrafts }) => (await desk()).erase(id, typed, discardDrafts),
    'gdpr.saveCertificate': async ({ id, suggestedName }) => {
      const text = await (await desk()).certificate(id);
      return saveAs(files, { suggestedName, extension: '.txt', kind: 'Text' }, () => text);
    },
    'gdpr.saveDpia': async ({ language, format, suggestedName }) => {
      const { dpia, sender } = await (await desk()).dpia(language);
      if (format === 'markdown') return saveAs(files, { suggestedName, extension: '.md', kind: 'Markdown' }, () => dpiaMarkdown(dpia));
      return saveReport(files, paper, { suggestedName, note: sender }, () => dpiaReport(dpia, { language, sender }));
    },
    'gdpr.attestDpia': async ({ note }) => {
      await (await desk()).attestDpia(note);
      return null;
    },
  };
}
