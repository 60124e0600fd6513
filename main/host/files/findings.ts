/** Bytes of a file that is read at all; a printed document has some hundred kilobytes, a photo some megabytes. */
export const largestFile = 20 * 1024 * 1024;

/** What was found in a dropped file. Everything in it comes from the file and proves nothing by itself. */
export type FileFindings = {
  kind: 'pdf' | 'png' | 'jpeg';
  /** Of the whole file, lower case hex. */
  sha256: string;
  /** 1 for pictures. */
  pages: number;
  /** Texts of the QR codes in it, each once, in the order of the pages. */
  codes: string[];
  /** Addresses in the text of a PDF that look like verify addresses, for prints whose code cannot be read. */
  addresses: string[];
};

/** How an inspection ends: with findings, or with why there are none. */
export type Inspection = { ok: true; findings: FileFindings } | { ok: false; reason: 'unreadable' | 'tooHard' };

/** Red, green, blue, alpha, row by row. */
export type Picture = { width: number; height: number; data: Uint8Array };

/** Pixels of a picture that is looked at; a phone's photo has 12 to 50 million. */
export const mostPixels = 64_000_000;
