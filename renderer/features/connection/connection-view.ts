import type { ConnectionState } from '../../../shared/domain/connection.ts';
import type { IconName, Tone } from '../../ui/index.ts';

/** How a connection state looks: shape and word, the colour only repeats them. */
export type ConnectionView = { tone: Tone; dot: 'full' | 'half' | 'empty'; word: 'online' | 'offline' | 'degraded' | 'unknown'; /** The time beside the word, epoch milliseconds. */ at: number | null };

/** Online shows the last contact, anything else since when it is so. */
export function viewOf(state: ConnectionState | null): ConnectionView {
  if (state === null || state.status === 'unknown') return { tone: 'neutral', dot: 'empty', word: 'unknown', at: null };
  if (state.status === 'online') return { tone: 'success', dot: 'full', word: 'online', at: state.lastContactAt ?? state.since };
  if (state.status === 'degraded') return { tone: 'warning', dot: 'half', word: 'degraded', at: state.since };
  return { tone: 'neutral', dot: 'empty', word: 'offline', at: state.since };
}

/** What a person can do: the text key under `connection.advice.`. */
export function adviceFor(state: ConnectionState | null): 'none' | 'wait' | 'network' | 'certificate' | 'erp' | 'identityProvider' {
  if (state === null || state.status === 'online') return 'none';
  if (state.status === 'unknown') return 'wait';
  const code = state.erp.error?.code ?? state.identityProvider.error?.code ?? '';
  if (code.startsWith('tls.')) return 'certificate';
  if (state.erp.reachable === false && state.identityProvider.reachable === false) return 'network';
  return state.erp.reachable === false ? 'erp' : 'identityProvider';
}

type Peer = ConnectionState['erp'];

/** Icon and word of one server's line. */
export const peerView = (peer: Peer | undefined): { icon: IconName; tone: Tone; word: 'reachable' | 'unreachable' | 'unchecked' } =>
  peer === undefined || peer.reachable === null
    ? { icon: 'clock', tone: 'neutral', word: 'unchecked' }
    : peer.reachable ? { icon: 'check', tone: 'success', word: 'reachable' } : { icon: 'warning', tone: 'warning', word: 'unreachable' };
