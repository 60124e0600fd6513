import { safeFileName } from './file-name.ts';
import { writeWholeFile } from './output-file.ts';
import type { FilePorts } from './ports.ts';

type Suggestion = { suggestedName: string; extension: string; kind: string };

/** Asks where to save, for what is then written elsewhere. @returns null when the person cancelled. */
export const choosePlace = (files: Pick<FilePorts, 'saveFile'>, { suggestedName, extension, kind }: Suggestion): Promise<string | null> =>
  files.saveFile(safeFileName(suggestedName, extension), [{ name: kind, extensions: [extension.slice(1)] }]);

/**
 * Asks where to save and writes the file whole. The content is made only when there is a place for it.
 * @param extension with its dot. @param kind names it in the dialog. @returns null when the person cancelled.
 * @throws AppFailure file.notWritten, file.diskFull
 */
export async function saveAs(files: Pick<FilePorts, 'saveFile'>, suggestion: Suggestion, content: () => Promise<string | Uint8Array> | string | Uint8Array): Promise<{ path: string } | null> {
  const path = await choosePlace(files, suggestion);
  if (path === null) return null;
  const made = await content();
  await writeWholeFile(path, typeof made === 'string' ? new TextEncoder().encode(made) : made);
  return { path };
}
