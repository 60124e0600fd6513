import type { ValeoBridge } from '../../shared/ipc/contract.ts';

declare global {
  interface Window {
    /** Put there by the preload script; only renderer/bridge may touch it. */
    readonly valeo: ValeoBridge;
  }
}
