/** The host's end of the message port to its parent process. */
export type HostLink = {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
};

/** The part of Electron's `process.parentPort` that is used; declared here because nothing in the host knows Electron. */
type ParentPort = { postMessage(message: unknown): void; on(event: 'message', listener: (event: { data: unknown }) => void): void };

/**
 * The port this process was started with: `utilityProcess` of Electron gives a `parentPort`, `child_process.fork` an IPC
 * channel. Both carry structured clones, so binary keys and dates need no encoding.
 * @throws Error when the process was started by hand.
 */
export function connectParent(): HostLink {
  const { parentPort } = process as typeof process & { parentPort?: ParentPort };
  if (parentPort !== undefined) {
    return {
      send: (message) => { parentPort.postMessage(message); },
      onMessage: (listener) => { parentPort.on('message', (event) => { listener(event.data); }); },
    };
  }
  if (process.send === undefined) throw new Error('the data host runs only as a child of the app');
  // Without its parent the host has no purpose and must not hold the database.
  process.on('disconnect', () => { process.exit(0); });
  return {
    send: (message) => {
      if (process.connected) process.send?.(message, undefined, {}, () => { /* a parent that left ends us by `disconnect` */ });
    },
    onMessage: (listener) => { process.on('message', listener); },
  };
}
