/** Kinds of file in a dialog: extensions without their dot. */
export type FileFilter = { name: string; extensions: string[] };

/** Where a person wants a file to be, and seeing it afterwards. Asked of the operating system, so made by main/electron. */
export type FilePorts = {
  /** Asks where to save. The system asks before an existing file is replaced. Null when the person cancels. */
  saveFile: (suggestedName: string, filters: FileFilter[]) => Promise<string | null>;
  /** Opens a file that we have just written, with the system's program for it. @throws AppFailure file.noViewer */
  openFile: (path: string) => Promise<void>;
  /** Shows it in the system's file manager. */
  showInFolder: (path: string) => void;
};
