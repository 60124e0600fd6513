import { describe, expect, it } from 'vitest';
import type { ConnectionState } from '../../../shared/domain/connection.ts';
import { appError, type ErrorCode } from '../../../shared/ipc/errors.ts';
import { adviceFor, viewOf } from './connection-view.ts';

const peer = (reachable: boolean | null, code?: ErrorCode): ConnectionState['erp'] => ({ reachable, since: 1, error: code === undefined ? null : appError(code) });
const state = (more: Partial<ConnectionState>): ConnectionState => ({ status: 'online', since: 1, lastContactAt: 2, erp: peer(true), identityProvider: peer(true), live: true, missingCapabilities: [], ...more });

describe('adviceFor', () => {
  it.each([
    [state({}), 'none'],
    [state({ status: 'unknown' }), 'wait'],
    [state({ status: 'offline', erp: peer(false, 'network.unreachable'), identityProvider: peer(false, 'network.unreachable') }), 'network'],
    [state({ status: 'degraded', erp: peer(false, 'server.unavailable') }), 'erp'],
    [state({ status: 'degraded', identityProvider: peer(false, 'network.timeout') }), 'identityProvider'],
    [state({ status: 'degraded', erp: peer(false, 'tls.expired') }), 'certificate'],
  ] as const)('%#', (given, advice) => expect(adviceFor(given)).toBe(advice));
});

it('tells the states apart by shape, not by colour alone', () => {
  const shapes = (['online', 'degraded', 'offline'] as const).map((status) => viewOf(state({ status })).dot);
  expect(new Set(shapes).size).toBe(3);
  expect(viewOf(null).word).toBe('unknown');
});
