import type { reviewCalls } from '../../../../shared/ipc/calls/security/review.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import { saveAs } from '../../../files/save-as.ts';
import { reportPdf } from '../../../files/save-report.ts';
import type { ReviewDesk } from '../../../security/review/index.ts';
import type { SecurityHandlerPorts } from './ports.ts';

/** Calls of the security review. */
export function reviewHandlers({ security, files, paper }: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof reviewCalls> {
  const desk = async (): Promise<ReviewDesk> => (await security()).review;
  return {
    'review.list': async () => (await desk()).list(),
    'review.get': async ({ id }) => (await desk()).get(id),
    'review.start': async (period) => (await desk()).start(period),
    'review.decide': async ({ id, finding, decision }) => (await desk()).decide(id, finding, decision),
    'review.entries': async ({ id, finding }) => (await desk()).entries(id, finding),
    'review.discard': async ({ id }) => {
      await (await desk()).discard(id);
      return null;
    },
    'review.finish': async ({ id, language, suggestedName }) => {
      const reviews = await desk();
      const { report, note } = await reviews.report(id, language);
      let pdf = new Uint8Array();
      const saved = await saveAs(files, { suggestedName, extension: '.pdf', kind: 'PDF' }, async () => (pdf = Uint8Array.from(await reportPdf(paper, report, note))));
      return saved === null ? null : reviews.finish(id, { pdf, file: saved.path });
    },
    'review.saveEvidence': async ({ id, language, suggestedName }) => saveAs(files, { suggestedName, extension: '.txt', kind: 'Text' }, async () => (await desk()).bundle(id, language)),
  };
}
