import path from 'node:path';
import { app, dialog, shell, type BrowserWindow } from 'electron';
import type { FilePorts } from '../files/ports.ts';
import { failure } from '../../shared/ipc/errors.ts';
import { isViewable } from './openable.ts';

/** The system's dialogs and viewers. @param window what a dialog belongs to, so that it cannot get lost behind it */
export function createFilePorts(window: () => BrowserWindow | null): FilePorts {
  // Where the last file went; for this run only, so that no folder name is kept on disk.
  let folder: string | null = null;
  return {
    async saveFile(suggestedName, filters) {
      const parent = window();
      const choice = { defaultPath: path.join(folder ?? app.getPath('downloads'), suggestedName), filters, properties: ['createDirectory' as const, 'showOverwriteConfirmation' as const] };
      const { canceled, filePath } = parent === null ? await dialog.showSaveDialog(choice) : await dialog.showSaveDialog(parent, choice);
      if (canceled || filePath === '') return null;
      folder = path.dirname(filePath);
      return filePath;
    },
    async openFile(file) {
      // The system would run anything else as gladly as it shows a PDF.
      if (!isViewable(file)) throw failure('file.noViewer', { params: { file: path.basename(file) } });
      const problem = await shell.openPath(file);
      if (problem !== '') throw failure('file.noViewer', { params: { file: path.basename(file) } });
    },
    showInFolder: (file) => shell.showItemInFolder(file),
  };
}
