import { reportFoot } from '../../shared/report/foot.ts';
import { reportHtml, type Report } from '../../shared/report/template.ts';
import type { PaperPorts } from '../documents/paper/ports.ts';
import type { FilePorts } from './ports.ts';
import { saveAs } from './save-as.ts';

/** A report as a PDF. @param note stands at the foot of each page, for example when it was made. @throws AppFailure paper.failed */
export const reportPdf = (paper: Pick<PaperPorts, 'printToPdf'>, report: Report, note: string): Promise<Uint8Array> =>
  paper.printToPdf(reportHtml(report), reportFoot({ language: report.language, title: report.title, note }));

/**
 * Asks where to save a report and writes it as a PDF. @returns null when the person cancelled.
 * @throws AppFailure paper.failed, file.notWritten, file.diskFull
 */
export const saveReport = (files: Pick<FilePorts, 'saveFile'>, paper: Pick<PaperPorts, 'printToPdf'>, { suggestedName, note }: { suggestedName: string; note: string }, report: () => Promise<Report> | Report): Promise<{ path: string } | null> =>
  saveAs(files, { suggestedName, extension: '.pdf', kind: 'PDF' }, async () => reportPdf(paper, await report(), note));
