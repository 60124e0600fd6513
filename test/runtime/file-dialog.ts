import type { ElectronApplication } from 'playwright';

/**
 * Answers the system's save dialogs, which no test can click, from now on. Everything around them is the app's own code: the dialog is
 * asked for as always, and gets its answer from here. @param path null cancels
 * @returns what the app suggested, oldest first
 */
export async function answerSaveDialogs(app: ElectronApplication, path: string | null): Promise<() => Promise<{ defaultPath: string; extensions: string[] }[]>> {
  await app.evaluate(({ dialog }, answer) => {
    const asked: { defaultPath: string; extensions: string[] }[] = [];
    (globalThis as { askedToSave?: typeof asked }).askedToSave = asked;
    dialog.showSaveDialog = (...given: unknown[]) => {
      const { defaultPath = '', filters = [] } = given.at(-1) as Electron.SaveDialogOptions;
      asked.push({ defaultPath, extensions: filters.flatMap(({ extensions }) => extensions) });
      return Promise.resolve({ canceled: answer === null, filePath: answer ?? '' });
    };
  }, path);
  return () => app.evaluate(() => (globalThis as { askedToSave?: { defaultPath: string; extensions: string[] }[] }).askedToSave ?? []);
}
