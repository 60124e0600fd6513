import { contextBridge, ipcRenderer } from 'electron';
import { callChannel, eventChannel, type ValeoBridge } from '../shared/ipc/bridge.ts';

/** The whole surface of the main process. No logic: the router in main checks sender, name, input and output. */
const bridge: ValeoBridge = {
  call: (name, input) => ipcRenderer.invoke(callChannel, name, input),
  on: (name, listener) => {
    const deliver = (_event: unknown, eventName: unknown, payload: Parameters<typeof listener>[0]): void => {
      if (eventName === name) listener(payload);
    };
    ipcRenderer.on(eventChannel, deliver);
    return () => ipcRenderer.off(eventChannel, deliver);
  },
};

contextBridge.exposeInMainWorld('valeo', bridge);
