import { BrowserWindow, protocol, session, type Session, type WebContents } from 'electron';
import { failure } from '../../shared/ipc/errors.ts';
import type { PaperPorts } from '../documents/paper/ports.ts';
import { paperOrigin, paperScheme } from './csp.ts';
import { PaperPages, paperResponse } from './paper-page.ts';

/** A thousand lines take a second; this long means that it hangs. */
const patienceMs = 60_000;
/** Previews that can be open or come back to. */
const keptPreviews = 4;

/** A session for letters alone: in memory, with nothing to reach but the letter itself. */
function paperSession(pages: PaperPages): Session {
  const own = session.fromPartition('paper', { cache: false });
  own.protocol.handle(paperScheme, (request) => paperResponse(pages.find(request.url)));
  own.webRequest.onBeforeRequest((request, decide) => decide({ cancel: !request.url.startsWith(`${paperOrigin}/`) }));
  return own;
}

const withinTime = async <T>(work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => { timer = setTimeout(() => reject(failure('paper.failed')), patienceMs); });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Letters laid out by the browser in a window that nobody sees: sandboxed, without script, without network, gone afterwards. */
export function createPaperPorts(): PaperPorts {
  const previews = new PaperPages(keptPreviews);
  const pages = new PaperPages(keptPreviews);
  let own: Session | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  async function layOut<T>(html: string, work: (contents: WebContents) => Promise<T>): Promise<T> {
    own ??= paperSession(pages);
    const address = pages.add(html);
    const window = new BrowserWindow({
      show: false, width: 800, height: 1100,
      webPreferences: { session: own, sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false, webSecurity: true, webviewTag: false, spellcheck: false, images: false, webgl: false },
    });
    try {
      await withinTime(window.loadURL(address));
      return await work(window.webContents);
    } finally {
      pages.remove(address);
      window.destroy();
    }
  }
  /** One letter at a time: a window each is memory, and people read one after the other. */
  const inTurn = <T>(html: string, work: (contents: WebContents) => Promise<T>): Promise<T> => {
    const done = queue.then(() => layOut(html, work)).catch((error: unknown) => { throw error instanceof Error && error.name === 'AppFailure' ? error : failure('paper.failed', {}, error); });
    queue = done.catch(() => undefined);
    return done;
  };

  return {
    printToPdf: (html, foot) => inTurn(html, async (contents) => new Uint8Array(await withinTime(contents.printToPDF({
      printBackground: true, preferCSSPageSize: true, pageSize: 'A4', margins: { top: 0, bottom: 0, left: 0, right: 0 }, generateTaggedPDF: true,
      ...(foot !== undefined && { displayHeaderFooter: true, headerTemplate: '<span></span>', footerTemplate: foot }),
    })))),
    printWithDialog: (html) => inTurn(html, (contents) => new Promise<boolean>((resolve, reject) => {
      contents.print({ silent: false, printBackground: true, pageSize: 'A4', margins: { marginType: 'none' } }, (done, reason) => {
        if (done) return resolve(true);
        if (/cancel/i.test(reason)) return resolve(false);
        return reject(failure(/no valid printers|no printers/i.test(reason) ? 'paper.noPrinter' : 'paper.failed'));
      });
    })),
    showPreview: (html) => {
      // With the first one: nothing of it is needed for the start.
      if (!protocol.isProtocolHandled(paperScheme)) protocol.handle(paperScheme, (request) => paperResponse(request.method === 'GET' ? previews.find(request.url) : null));
      return previews.add(html);
    },
    forgetPreviews: () => previews.clear(),
  };
}
