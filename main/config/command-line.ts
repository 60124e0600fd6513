/** What the start may be told. */
export type CommandLine = { profileFile: string | null; userData: string | null };

const value = (argv: readonly string[], name: string): string | null => {
  const prefix = `--${name}=`;
  const found = argv.find((argument) => argument.startsWith(prefix));
  return found === undefined || found.length === prefix.length ? null : found.slice(prefix.length);
};

/** Reads `--profile=FILE --user-data=DIR`; everything else belongs to Electron and Chromium. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  return { profileFile: value(argv, 'profile'), userData: value(argv, 'user-data') };
}
