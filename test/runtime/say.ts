/** Lines for people on the terminal. Kept in one place so that every command sounds the same. */

/** A failure whose message is one clear sentence for the person at the terminal: printed as it is, without a stack. */
export class Failure extends Error {
  override name = 'Failure';
}

/** Prints a progress line. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints why the command ends. A Failure is one sentence; anything else is a defect, so its stack is shown as well. */
export function sayFailure(error: unknown): void {
  if (error instanceof Failure) {
    process.stderr.write(`\n${error.message}\n`);
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`\nSomething unexpected went wrong. ${text}\n`);
}

/** Runs a command's main function and turns its outcome into an exit code. */
export async function runCommand(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    sayFailure(error);
    process.exitCode = 1;
  }
}

/** `950 ms`, `12.3 s`, `2 min 5 s`. @param milliseconds elapsed time */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}
