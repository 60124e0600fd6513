/** What only a browser can do with a letter of ours: lay it out. Made by main/electron. */
export type PaperPorts = {
  /** The pages as a PDF. @param foot is put below each page by the browser, with its numbers. @throws AppFailure paper.failed */
  printToPdf: (html: string, foot?: string) => Promise<Uint8Array>;
  /** Prints through the system's own dialog; false when the person cancels it. @throws AppFailure paper.noPrinter, paper.failed */
  printWithDialog: (html: string) => Promise<boolean>;
  /** Makes a letter visible inside the window under an address that nobody can guess; only the last few are kept. */
  showPreview: (html: string) => string;
  /** Forgets all of them: when the window locks, nothing of a document stays in memory for it. */
  forgetPreviews: () => void;
};
