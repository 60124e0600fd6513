/** Switches that would open a packaged app to whoever starts it: refused there, allowed in development. */
const debuggingSwitches = ['remote-debugging-port', 'remote-debugging-pipe', 'remote-debugging-address', 'inspect', 'inspect-brk', 'inspect-port', 'js-flags', 'load-extension'];

/** The refused switches among the given arguments (law 13). */
export function refusedSwitches(argv: readonly string[]): string[] {
  return debuggingSwitches.filter((name) => argv.some((argument) => argument === `--${name}` || argument.startsWith(`--${name}=`)));
}
