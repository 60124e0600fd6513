import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import { callChannel, eventChannel } from '../../shared/ipc/bridge.ts';
import type { EventName, EventPayload } from '../../shared/ipc/contract.ts';
import { events } from '../../shared/ipc/core.ts';
import type { Result } from '../../shared/ipc/errors.ts';
import { createDispatcher, type CoreHandlers, type DispatcherOptions } from './dispatcher.ts';
import { isTrustedSender } from './sender.ts';

export type IpcRouter = {
  /** Registers the window whose top frame may call. */
  admit(window: BrowserWindow): void;
  emit<N extends EventName>(name: N, payload: EventPayload<N>): void;
  hasWindow(): boolean;
  dispose(): void;
};

/**
 * The only door to ipcMain. A message from anything but the top frame of an admitted window on our own origin is
 * answered with nothing at all: it is not one of our errors, it is not ours.
 */
export function createIpcRouter(handlers: CoreHandlers, options: DispatcherOptions & { origin: string }): IpcRouter {
  const dispatch = createDispatcher(handlers, options);
  const windows = new Set<BrowserWindow>();
  ipcMain.handle(callChannel, async (event: IpcMainInvokeEvent, name: unknown, input: unknown): Promise<Result<unknown>> => {
    const known = [...windows].find((window) => !window.isDestroyed() && window.webContents.id === event.sender.id);
    const frame = event.senderFrame;
    if (!isTrustedSender({ known: known !== undefined, isTopFrame: frame !== null && frame === known?.webContents.mainFrame, url: frame?.url ?? '' }, options.origin)) {
      options.log.warn('call from an untrusted sender refused', { channel: callChannel, sender: event.sender.id });
      throw new Error('refused');
    }
    return dispatch(name, input);
  });
  return {
    admit(window) {
      windows.add(window);
      window.once('closed', () => windows.delete(window));
    },
    emit(name, payload) {
      // Parsed on the way out as well: what is not in the contract cannot leave, whatever a service puts in an event.
      const clean = events[name].parse(payload);
      for (const window of windows) {
        if (!window.isDestroyed()) window.webContents.send(eventChannel, name, clean);
      }
    },
    hasWindow: () => [...windows].some((window) => !window.isDestroyed()),
    dispose() {
      ipcMain.removeHandler(callChannel);
      windows.clear();
    },
  };
}
